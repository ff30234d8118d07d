import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { Token } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import { definePrivateBucket, UNFINISHED_UPLOADS } from '../private-bucket.ts';
import type { Functions } from './functions.ts';
import { BUCKET } from './names.ts';
import type { Variables } from './variables.ts';

export interface Storage {
  readonly bucket: S3Bucket;
  /** Lambda's retries of a failed delivery, and the bucket as its last resort. */
  readonly retries: LambdaFunctionEventInvokeConfig;
}

/**
 * The bucket that keeps what Loki did not take, and the registry; and how deliveries get there that Lambda gives up on.
 */
export function defineStorage(module: ModuleStack, variables: Variables, functions: Functions): Storage {
  const { bucket, policy } = definePrivateBucket(module, 'storage', {
    bucket: BUCKET,
    forceDestroy: variables.forceDestroy.booleanValue,
    tags: Token.asStringMap(variables.tags.value),
  });
  new S3BucketServerSideEncryptionConfigurationA(module, 'storage.encryption', {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  new S3BucketLifecycleConfiguration(module, 'storage.lifecycle', {
    bucket: bucket.id,
    rule: [
      ...Object.entries(KEPT).map(([id, prefix]) => ({
        id,
        status: 'Enabled',
        filter: [{ prefix }],
        expiration: [{ days: variables.failedDeliveryRetentionDays.numberValue }],
      })),
      UNFINISHED_UPLOADS,
    ],
  });
  const retries = new LambdaFunctionEventInvokeConfig(module, 'shipper.retries', {
    functionName: functions.shipper.functionName,
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 21600,
    destinationConfig: { onFailure: { destination: bucket.arn } },
    dependsOn: [policy],
  });
  return { bucket, retries };
}

/** Rule of the lifecycle → prefix of what Loki did not take. */
const KEPT = { 'failed-deliveries': 'aws/lambda/async/', 'parked-lines': 'parked/' };

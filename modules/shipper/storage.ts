import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { Token } from 'cdktf';
import { bucketArn } from '../account.ts';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
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
  const bucket = new S3Bucket(module, 'storage.bucket', {
    bucket: BUCKET,
    forceDestroy: variables.forceDestroy.booleanValue,
    tags: Token.asStringMap(variables.tags.value),
  });
  const publicAccess = new S3BucketPublicAccessBlock(module, 'storage.public_access', {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketOwnershipControls(module, 'storage.ownership', {
    bucket: bucket.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  });
  new S3BucketServerSideEncryptionConfigurationA(module, 'storage.encryption', {
    bucket: bucket.id,
    rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
  });
  const policy = new S3BucketPolicy(module, 'storage.bucket_policy', {
    bucket: bucket.id,
    policy: expression(TLS_ONLY),
    // S3 refuses to change both at a time (OperationAborted).
    dependsOn: [publicAccess],
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
      {
        id: 'unfinished-uploads',
        status: 'Enabled',
        filter: [{}],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
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

const TLS_ONLY = hcl`jsonencode({
  Version = "2012-10-17",
  Statement = [{
    Sid = "TlsOnly",
    Effect = "Deny",
    Principal = "*",
    Action = "s3:*",
    Resource = ["${bucketArn(BUCKET)}", "${bucketArn(BUCKET)}/*"],
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }]
})`;

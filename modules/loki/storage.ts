import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { definePrivateBucket, UNFINISHED_UPLOADS } from '../private-bucket.ts';
import { CHUNK_BUCKET } from './names.ts';
import type { Variables } from './variables.ts';

const IN_S3 = 'var.storage == "s3" ? 1 : 0';

/**
 * The bucket of the chunks and the index, where Loki keeps them in S3. Nothing in it expires by itself: the compactor
 * deletes what is older than the retention, and the index must not lose what it refers to.
 */
export function defineStorage(module: ModuleStack, variables: Variables): void {
  const { id: bucket } = definePrivateBucket(module, 'chunks', {
    bucket: CHUNK_BUCKET,
    forceDestroy: variables.forceDestroy.booleanValue,
    tags: Token.asStringMap(variables.tags.value),
    count: IN_S3,
  });
  new S3BucketServerSideEncryptionConfigurationA(module, 'chunks.encryption', {
    bucket,
    rule: [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: expression(hcl`var.kms_key_arn == null ? "AES256" : "aws:kms"`),
          kmsMasterKeyId: variables.kmsKeyArn.stringValue,
        },
        bucketKeyEnabled: true,
      },
    ],
  }).addOverride('count', expression(IN_S3));
  new S3BucketLifecycleConfiguration(module, 'chunks.lifecycle', { bucket, rule: [UNFINISHED_UPLOADS] }).addOverride(
    'count',
    expression(IN_S3),
  );
}

import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { type IResolvable, type TerraformResource, Token } from 'cdktf';
import { bucketArn } from './account.ts';
import { expression, hcl } from './hcl.ts';
import type { ModuleStack } from './module-stack.ts';

export interface PrivateBucketProps {
  /** Template. */
  readonly bucket: string;
  readonly forceDestroy: boolean | IResolvable;
  readonly tags: Record<string, string>;
  /**
   * Expression of a number: 1, or 0 for no bucket.
   * @default - there is one
   */
  readonly count?: string;
}

export interface PrivateBucket {
  readonly bucket: S3Bucket;
  /** Expression of its name, for what has the same `count`. */
  readonly id: string;
  readonly policy: S3BucketPolicy;
}

/** A bucket that nobody outside the account reads, and nobody without TLS. */
export function definePrivateBucket(
  module: ModuleStack,
  name: string,
  { bucket: bucketName, forceDestroy, tags, count }: PrivateBucketProps,
): PrivateBucket {
  const counted = <T extends TerraformResource>(resource: T): T => {
    if (count) resource.addOverride('count', expression(count));
    return resource;
  };
  const bucket = counted(new S3Bucket(module, `${name}.bucket`, { bucket: bucketName, forceDestroy, tags }));
  const id = count ? Token.asString(expression(`aws_s3_bucket.${name}[0].id`)) : bucket.id;
  const publicAccess = counted(
    new S3BucketPublicAccessBlock(module, `${name}.public_access`, {
      bucket: id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
  );
  counted(
    new S3BucketOwnershipControls(module, `${name}.ownership`, {
      bucket: id,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    }),
  );
  const policy = counted(
    new S3BucketPolicy(module, `${name}.bucket_policy`, {
      bucket: id,
      policy: expression(tlsOnly(bucketName)),
      // S3 refuses to change both at a time (OperationAborted).
      dependsOn: [publicAccess],
    }),
  );
  return { bucket, id, policy };
}

/** A rule of a lifecycle: what an upload that broke off left behind goes the next day. */
export const UNFINISHED_UPLOADS = {
  id: 'unfinished-uploads',
  status: 'Enabled',
  filter: [{}],
  abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
};

function tlsOnly(bucket: string): string {
  return hcl`jsonencode({
    Version = "2012-10-17",
    Statement = [{
      Sid = "TlsOnly",
      Effect = "Deny",
      Principal = "*",
      Action = "s3:*",
      Resource = ["${bucketArn(bucket)}", "${bucketArn(bucket)}/*"],
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })`;
}

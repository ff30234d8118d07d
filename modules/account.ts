import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import type { ModuleStack } from './module-stack.ts';

/** Where the module is installed: `local.account_id`, `local.region` and `local.partition`. */
export function defineAccount(module: ModuleStack): void {
  new DataAwsCallerIdentity(module, 'current.identity');
  new DataAwsRegion(module, 'current.region');
  new DataAwsPartition(module, 'current.partition');
  module.local('account_id', 'data.aws_caller_identity.current.account_id');
  // `id` is the region's name in provider 5, which has no `region`, and in provider 6, which deprecates `name`.
  module.local('region', 'data.aws_region.current.id');
  module.local('partition', 'data.aws_partition.current.partition');
}

/** ARNs of the account and region, as templates: known at plan, so that a plan shows whole policies. */
export const arn = (service: string, resource: string) =>
  `arn:\${local.partition}:${service}:\${local.region}:\${local.account_id}:${resource}`;
export const bucketArn = (bucket: string) => `arn:\${local.partition}:s3:::${bucket}`;

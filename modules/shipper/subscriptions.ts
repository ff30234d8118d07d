import { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import type { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { TerraformIterator, Token } from 'cdktf';
import { arn } from '../account.ts';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';
import type { Storage } from './storage.ts';
import { TAGS_ARE_WRITTEN } from './tagging.ts';
import type { Variables } from './variables.ts';

/** One subscription filter for each log group that Terraform subscribes, and the permission for these and all others. */
export function defineSubscriptions(
  module: ModuleStack,
  variables: Variables,
  functions: Functions,
  storage: Storage,
  tags: LambdaInvocation,
): CloudwatchLogSubscriptionFilter {
  // One for all: a policy of 20 KB has room for about 45 permissions, and each group would need its own.
  const permission = new LambdaPermission(module, 'log_groups.permission', {
    action: 'lambda:InvokeFunction',
    functionName: functions.shipper.functionName,
    principal: 'logs.amazonaws.com',
    sourceArn: arn('logs', 'log-group:*:*'),
    sourceAccount: '${local.account_id}',
  });
  const groups = TerraformIterator.fromMap(Token.asAnyMap('${local.subscribed}'));
  return new CloudwatchLogSubscriptionFilter(module, 'log_groups.filter', {
    forEach: groups,
    name: variables.name.stringValue,
    logGroupName: groups.key,
    filterPattern: '${each.value.filter_pattern}',
    destinationArn: functions.shipper.arn,
    // Last to come and first to go: a delivery that finds no permission disables the filter for minutes, and one that
    // comes before the tags, or before the bucket is set, is labelled wrongly or lost.
    lifecycle: TAGS_ARE_WRITTEN,
    dependsOn: [permission, tags, storage.retries],
  });
}

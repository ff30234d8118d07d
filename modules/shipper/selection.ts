import { DataAwsCloudwatchLogGroups } from '@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups/index.js';
import { TerraformIterator } from 'cdktf';
import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { isExcluded, OWN_LOG_GROUPS } from './names.ts';
import type { Variables } from './variables.ts';

/**
 * Which log groups are shipped: `local.log_groups`, name → { tags, filter_pattern }. It is the union of those listed
 * and those found by prefix, minus the excluded and the module's own.
 */
export function defineSelection(module: ModuleStack, variables: Variables): void {
  const prefixes = TerraformIterator.fromList(variables.logGroupPrefixes.listValue);
  new DataAwsCloudwatchLogGroups(module, 'by_prefix.log_groups', {
    forEach: prefixes,
    logGroupNamePrefix: prefixes.value,
  });
  module.local(
    'candidates',
    hcl`setunion(keys(var.log_groups), flatten([for found in data.aws_cloudwatch_log_groups.by_prefix : found.log_group_names]))`,
  );
  module.local(
    'selected',
    hcl`[for name in local.candidates : name if !contains(${OWN_LOG_GROUPS}, name) && !${isExcluded('name')}]`,
  );
  // No try() around what a group has: where one value is known only after the apply, nothing of the result is known
  // before, and for_each refuses it. A group's own pattern may be empty on purpose, so coalesce() would not do either.
  module.local(
    'log_groups',
    hcl`{ for name in local.selected : name => {
      tags = merge(var.log_group_tags, contains(keys(var.log_groups), name) ? var.log_groups[name].tags : {}),
      filter_pattern = !contains(keys(var.log_groups), name) ? var.filter_pattern : var.log_groups[name].filter_pattern == null ? var.filter_pattern : var.log_groups[name].filter_pattern
    } }`,
  );
}

import { DataAwsCloudwatchLogGroups } from '@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups/index.js';
import { TerraformIterator } from 'cdktf';
import { hcl } from '../hcl.ts';
import type { ModuleStack, Validation } from '../module-stack.ts';
import { isExcluded, OWN_LOG_GROUPS } from './names.ts';

/**
 * Which log groups are shipped, as far as the plan looks: `local.log_groups`, name → { tags, filter_pattern }. It is the
 * union of those listed and those found by prefix, minus the excluded and the module's own. Where the registrar
 * subscribes, it also looks prefixes up: the plan has the listed groups alone, and no call that grows with their number.
 * `local.subscribed` are those of them that Terraform subscribes.
 */
export function defineSelection(module: ModuleStack): void {
  const planned = module.local('planned_prefixes', hcl`${PLANNED} ? var.log_group_prefixes : []`);
  const prefixes = TerraformIterator.fromList(planned.asList);
  new DataAwsCloudwatchLogGroups(module, 'by_prefix.log_groups', {
    forEach: prefixes,
    logGroupNamePrefix: prefixes.value,
  });
  module.check('log_group_prefixes', {
    // No failure: a team that deletes its last function must not stop the platform's plans.
    condition: hcl`!var.follow_log_groups || length(${UNMATCHED}) == 0`,
    errorMessage: `${NOTHING_FOUND} The registrar ships what is born later under it.`,
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
  module.local('subscribed', hcl`{ for name, group in local.log_groups : name => group if ${PLANNED} }`);
}

/** Whether Terraform subscribes the log groups, and not the registrar. */
export const PLANNED = hcl`var.subscriptions_managed_by == "terraform"`;

const UNMATCHED = hcl`[for prefix, found in data.aws_cloudwatch_log_groups.by_prefix : prefix if length(found.log_group_names) == 0]`;
const NOTHING_FOUND = `log_group_prefixes find no log group in \${local.region} with \${join(", ", ${hcl`[for prefix in ${UNMATCHED} : jsonencode(prefix)]`})}.`;

/** What the plan refuses of what the prefixes find. */
export const SELECTION_RULES: readonly Validation[] = [
  {
    condition: hcl`var.follow_log_groups || length(${UNMATCHED}) == 0`,
    errorMessage: `${NOTHING_FOUND} Correct it, or set follow_log_groups, so that the registrar ships what is born later under it.`,
  },
  {
    condition: hcl`length(local.log_groups) <= var.max_log_groups`,
    errorMessage:
      'log_groups and log_group_prefixes select ${length(local.log_groups)} log groups, more than max_log_groups (${var.max_log_groups}): choose longer prefixes, exclude some in excluded_log_groups, or raise max_log_groups.',
  },
];

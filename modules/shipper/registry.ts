import type { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import type { TerraformResourceLifecycle } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';
import { OWN_LOG_GROUPS, REGISTRY } from './names.ts';
import { SELECTION_RULES } from './selection.ts';
import type { Storage } from './storage.ts';

/**
 * Tells the registrar what is to be shipped, and has it see to that: now, and at its destruction to the opposite. It
 * comes after all that deliveries need, and after the filters that Terraform creates, so that it finds these in place.
 *
 * @returns the invocation: what runs the registrar by itself must come after it and go before it, or it would subscribe
 *   again what was just unsubscribed
 */
export function defineRegistry(
  module: ModuleStack,
  functions: Functions,
  storage: Storage,
  filters: CloudwatchLogSubscriptionFilter,
): LambdaInvocation {
  module.local('selection', SELECTION);
  const selection = new S3Object(module, 'selection.object', {
    bucket: storage.bucket.id,
    key: `${REGISTRY}selection.json`,
    content: '${local.selection}',
    contentType: 'application/json',
    lifecycle: {
      precondition: SELECTION_RULES.map(({ condition, errorMessage }) => ({
        condition: expression(condition),
        errorMessage,
      })),
    },
  });
  // An object takes ten tags, fewer than a provider may have by default.
  selection.addOverride('override_provider', { default_tags: { tags: {} } });

  return new LambdaInvocation(module, 'registry.invocation', {
    functionName: functions.registrar.functionName,
    lifecycleScope: 'CRUD',
    // The hash has Terraform call again when the selection changed. Not in `triggers`: a change of these is a
    // destruction and a creation, which would unsubscribe everything for a while.
    input: '${jsonencode({ action = "reconcile", selection = sha256(local.selection) })}',
    dependsOn: [selection, filters],
  });
}

/** What `function/registry` reads. */
const SELECTION = hcl`jsonencode({
  version = 1,
  name = var.name,
  managed_by = var.subscriptions_managed_by,
  follow = var.follow_log_groups,
  log_groups = var.log_groups,
  prefixes = var.log_group_prefixes,
  excluded = var.excluded_log_groups,
  own_log_groups = ${OWN_LOG_GROUPS},
  filter_pattern = var.filter_pattern,
  log_group_tags = var.log_group_tags,
  max_log_groups = var.max_log_groups,
  labels = var.labels
})`;

/** Groups that the registrar cannot subscribe are in the answer, as problems, and are no failure of the others. */
export const RESULT = 'jsondecode(aws_lambda_invocation.registry.result)';

/**
 * Whether the answer in the state says nothing any more: after one interval, a scheduled run has done again what the
 * invocation did, so no plan may fail by it. Terraform itself never repeats an invocation that was an update and failed
 * (https://github.com/hashicorp/terraform-provider-aws/issues/43447).
 */
const IS_OLD = hcl`try(timecmp(plantimestamp(), timeadd(${RESULT}.at, "\${var.registrar_interval_minutes}m")) >= 0, false)`;

/**
 * Fails the apply in which the registrar failed. Read by the schedule, which waits for the invocation: a postcondition
 * of the invocation itself would bury a failed creation under errors about the condition.
 */
export const IS_RECONCILED: TerraformResourceLifecycle = {
  precondition: [
    {
      condition: expression(hcl`try(${RESULT}.ok, false) || ${IS_OLD}`),
      // Terraform evaluates the message of a condition that holds, too: then there is no error to put in it.
      errorMessage: `${expression(hcl`coalesce(try(${RESULT}.error, null), "The registrar gave no answer that this version knows.")`)} Remove the cause, and apply again after \${var.registrar_interval_minutes} minutes, in which the registrar tries again by itself.`,
    },
  ],
};

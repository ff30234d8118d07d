import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { TerraformIterator, type TerraformResourceLifecycle, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';

/**
 * Has the registrar write the tags of each log group that is to have some: there is no resource that only tags one. Where
 * the registrar subscribes, it writes them by itself.
 */
export function defineTagging(module: ModuleStack, functions: Functions): LambdaInvocation {
  module.local(
    'log_group_tags',
    hcl`{ for name, group in local.subscribed : name => group.tags if length(group.tags) > 0 }`,
  );
  return new LambdaInvocation(module, 'log_group_tags.invocation', {
    forEach: TerraformIterator.fromMap(Token.asAnyMap('${local.log_group_tags}')),
    functionName: functions.registrar.functionName,
    lifecycleScope: 'CRUD',
    input: '${jsonencode({ logGroup = each.key, tags = each.value })}',
  });
}

const RESULT = 'jsondecode(aws_lambda_invocation.log_group_tags[each.key].result)';

/**
 * Holds for a log group whose tags were written, or that has none. An update that throws would be taken as done and
 * never tried again (https://github.com/hashicorp/terraform-provider-aws/issues/43447), so the registrar answers it with
 * `ok: false`, and what depends on the tags asks. A postcondition of the invocation itself would not do: when a creation
 * fails, Terraform fails to evaluate it as well, and buries the reason under errors about the condition.
 */
export const TAGS_ARE_WRITTEN: TerraformResourceLifecycle = {
  precondition: [
    {
      condition: expression(hcl`!contains(keys(local.log_group_tags), each.key) || try(${RESULT}.ok, false)`),
      // Terraform evaluates the message of a condition that holds, too: then there is no error to put in it.
      errorMessage: `${expression(hcl`coalesce(try(${RESULT}.error, null), "The tags of log group \${each.key} were not written.")`)} Remove the cause, then have them written again with terraform apply -replace='module.NAME.aws_lambda_invocation.log_group_tags["\${each.key}"]', where NAME is what this module is called.`,
    },
  ],
};

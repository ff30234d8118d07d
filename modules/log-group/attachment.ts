import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { DataResource, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack, Validation } from '../module-stack.ts';

/** Has the registrar ship the log group for as long as this stack asks for it. */
export function defineAttachment(module: ModuleStack): void {
  // Its id, the same from apply to apply, tells the claims of two stacks on one log group apart.
  const claim = new DataResource(module, 'claim.id', {});
  new LambdaInvocation(module, 'attachment.invocation', {
    functionName: '${local.installation.registrar}',
    lifecycleScope: 'CRUD',
    input: expression(
      hcl`jsonencode({ action = "attach", logGroup = local.log_group, claimant = "\${var.claimant}:${claim.id}", tags = var.tags, filterPattern = var.filter_pattern })`,
    ),
    // A shipper that is installed anew under its name knows nothing of it.
    triggers: { installation: Token.asString('${local.installation.id}') },
    lifecycle: {
      precondition: [
        {
          condition: expression(hcl`local.installation.version == 1`),
          errorMessage:
            'The loki-shipper named ${var.shipper} is of another version than this module (${local.installation.version}, and 1 is known): use both of one version.',
        },
      ],
    },
  });
}

export const RESULT = 'jsondecode(aws_lambda_invocation.attachment.result)';

/**
 * An update that failed is returned and not thrown, because the provider would take it as done and never try it again
 * (https://github.com/hashicorp/terraform-provider-aws/issues/43447): who uses the log group asks.
 */
export const IS_ATTACHED: Validation = {
  condition: hcl`try(${RESULT}.ok, false)`,
  // Terraform evaluates the message of a condition that holds, too: then there is no error to put in it.
  errorMessage: `${expression(hcl`coalesce(try(${RESULT}.error, null), "Log group \${local.log_group} was not attached.")`)} Remove the cause, then attach it again with terraform apply -replace='ADDRESS.aws_lambda_invocation.attachment', where ADDRESS is that of this module, such as module.log_group; lines of that moment may not be shipped.`,
};

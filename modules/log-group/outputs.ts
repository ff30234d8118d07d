import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { IS_ATTACHED, RESULT } from './attachment.ts';

/** What callers of the module may refer to. */
export function defineOutputs(module: ModuleStack): void {
  module.local('shipper_arn', 'split(":", local.installation.shipper)');
  module.output('log_group_name', {
    description:
      'Name of the log group. What refers to it is created when the log group is shipped, and none of its lines are missed.',
    value: 'local.log_group',
    precondition: [IS_ATTACHED],
  });
  module.output('log_group_arn', {
    description: 'ARN of the log group, without :* behind it.',
    value: hcl`"arn:\${local.shipper_arn[1]}:logs:\${local.shipper_arn[3]}:\${local.shipper_arn[4]}:log-group:\${local.log_group}"`,
  });
  module.output('logql', {
    description: 'A LogQL query that finds all its lines, whatever its tags were when they were written.',
    value: hcl`"{log_group=\"\${local.log_group}\", account_id=\"\${local.shipper_arn[4]}\", region=\"\${local.shipper_arn[3]}\"}"`,
  });
  module.output('wanted_by', {
    description:
      'Who asked for the log group to be shipped when this changed last, the first first: listed and prefix are the module of the shipper, others are claimants.',
    value: hcl`try(${RESULT}.wantedBy, [])`,
  });
}

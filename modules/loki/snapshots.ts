import { DlmLifecyclePolicy } from '@cdktf/provider-aws/lib/dlm-lifecycle-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { type TerraformResource, Token } from 'cdktf';
import { expression } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { assumedBy } from '../policy.ts';
import { roleName, SNAPSHOT_TAG } from './names.ts';
import type { Variables } from './variables.ts';

/** Snapshots of the data volume as often as asked for. They stay when the module is destroyed. */
export function defineSnapshots(module: ModuleStack, variables: Variables): void {
  const ifWanted = <T extends TerraformResource>(resource: T): T => {
    resource.addOverride('count', '${var.snapshots == null ? 0 : 1}');
    return resource;
  };
  const tags = Token.asStringMap(variables.tags.value);
  ifWanted(
    new IamRole(module, 'snapshots.role', {
      name: roleName('snapshots'),
      assumeRolePolicy: expression(assumedBy('dlm.amazonaws.com')),
      tags,
    }),
  );
  const permitted = ifWanted(
    new IamRolePolicyAttachment(module, 'snapshots.managed_policy', {
      role: '${aws_iam_role.snapshots[0].name}',
      policyArn: 'arn:${local.partition}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole',
    }),
  );
  ifWanted(
    new DlmLifecyclePolicy(module, 'snapshots.policy', {
      description: 'Snapshots of the data volume of ${var.name}',
      executionRoleArn: '${aws_iam_role.snapshots[0].arn}',
      policyDetails: {
        resourceTypes: ['VOLUME'],
        targetTags: { [SNAPSHOT_TAG]: '${var.name}' },
        schedule: [
          {
            name: 'Data volume',
            createRule: {
              interval: Token.asNumber('${var.snapshots.interval_hours}'),
              intervalUnit: 'HOURS',
              times: ['${var.snapshots.time}'],
            },
            retainRule: { count: Token.asNumber('${var.snapshots.keep}') },
            copyTags: true,
          },
        ],
      },
      tags,
      dependsOn: [permitted],
    }),
  );
}

import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path/index.js';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { INSTALLATIONS } from '../shipper/names.ts';

/**
 * The loki-shipper that is asked for: `local.installation`, as its module writes it
 * (`modules/shipper/installation.ts`). All are read, because a look-up of one that is missing fails with words that help
 * nobody.
 */
export function defineInstallation(module: ModuleStack): void {
  new DataAwsRegion(module, 'current.region');
  new DataAwsSsmParametersByPath(module, 'installations.parameters', {
    path: INSTALLATIONS,
    lifecycle: {
      postcondition: [
        {
          condition: expression(hcl`contains(self.names, "${INSTALLATIONS}/\${var.shipper}")`),
          errorMessage: `There is no loki-shipper named \${var.shipper} in \${data.aws_region.current.id}: apply its module there first, or set shipper to one that is there (\${${NAMES}}).`,
        },
      ],
    },
  });
  // They hold no secret: the provider takes every parameter for one. Where there is none, the postcondition has failed the
  // plan; but a destroy only warns, and goes on with what has the shape of one.
  module.local(
    'installation',
    hcl`concat([for i, name in data.aws_ssm_parameters_by_path.installations.names :
      jsondecode(nonsensitive(data.aws_ssm_parameters_by_path.installations.values[i])) if name == "${INSTALLATIONS}/\${var.shipper}"],
      [{ version = 1, name = var.shipper, id = "", registrar = "", shipper = "arn:::::" }])[0]`,
  );
}

const NAMES = hcl`length(self.names) == 0 ? "none is" : join(", ", [for name in self.names : trimprefix(name, "${INSTALLATIONS}/")])`;

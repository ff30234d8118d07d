import { hcl } from '../hcl.ts';
import { LokiModule } from '../loki/index.ts';
import { type ModuleStack, newModuleApp, type VariableProps } from '../module-stack.ts';

const { variable: HOST_VARIABLES } = new LokiModule(newModuleApp()).toModule();

/** Inputs of the host's module that are those of this module, or made of them. */
const SHARED: Readonly<Record<string, string>> = {
  name: 'var.name',
  shipper_name: 'var.name',
  alarm_actions: 'var.alarm_actions',
  tags: 'var.tags',
};

const FIELDS = Object.keys(HOST_VARIABLES).filter((name) => !(name in SHARED));

/** The inputs of the host's module as one object. What is left out is null, which is the default of the module there. */
export const LOKI_HOST: VariableProps = {
  description: `A Loki with Grafana on an instance of EC2, instead of loki_url: the inputs of modules/loki, which describes them and their defaults, but for ${Object.keys(SHARED).sort().join(', ')}. { subnet_id = … } is enough. The shipper joins the subnet and gets the credentials.`,
  type: `object({ ${FIELDS.map((name) => `${name} = optional(${HOST_VARIABLES[name]?.type})`).join(', ')} })`,
  default: null,
  validation: [
    {
      condition: hcl`var.loki_host == null || (length(var.vpc.subnet_ids) == 0 && alltrue([for arn in values(var.loki_auth) : arn == null]))`,
      errorMessage:
        'loki_host must come without vpc and loki_auth: the shipper joins the subnet of the host, and gets its credentials.',
    },
  ],
};

/** The call of the host's module, and what the shipper gets of it: `local.loki_url`, `local.vpc`. */
export function defineLokiHost(module: ModuleStack): void {
  module.call('loki', {
    source: './modules/loki',
    count: 'var.loki_host == null ? 0 : 1',
    inputs: { ...SHARED, ...Object.fromEntries(FIELDS.map((name) => [name, `var.loki_host.${name}`])) },
  });
  module.local('loki_url', 'var.loki_host == null ? var.loki_url : module.loki[0].loki_url');
  module.local(
    'vpc',
    hcl`var.loki_host == null ? var.vpc : {
      subnet_ids = module.loki[0].subnet_ids,
      security_group_ids = [module.loki[0].shipper_security_group_id]
    }`,
  );
}

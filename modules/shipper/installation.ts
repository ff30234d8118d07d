import type { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js';
import { DataResource, Token } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import type { Functions } from './functions.ts';
import { INSTALLATIONS } from './names.ts';
import type { Variables } from './variables.ts';

/** Tells the stacks of others what they need to attach their log groups, so that these need no state of this one. */
export function defineInstallation(
  module: ModuleStack,
  variables: Variables,
  functions: Functions,
  registry: LambdaInvocation,
): void {
  // Its id is another when the registry was withdrawn and begun anew: what was attached has to be attached again.
  const installation = new DataResource(module, 'installation.id', {
    lifecycle: { replaceTriggeredBy: [`${registry.terraformResourceType}.${registry.friendlyUniqueId}.id`] },
  });
  new SsmParameter(module, 'installation.parameter', {
    name: `${INSTALLATIONS}/\${var.name}`,
    description: 'Where stacks of applications attach their log groups, by the module log-group of loki-shipper.',
    type: 'String',
    value: `\${jsonencode({ version = 1, name = var.name, id = ${installation.id}, registrar = ${functions.registrar.functionName}, shipper = ${functions.shipper.arn} })}`,
    tags: Token.asStringMap(variables.tags.value),
    // Nobody can attach before there is a registry, nor while it is taken down.
    dependsOn: [registry],
  });
}

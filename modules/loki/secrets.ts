import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { Token } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import type { Variables } from './variables.ts';

/** Secret → what it holds. */
export const SECRETS = {
  push: 'Username and password of Loki, as JSON.',
  grafana_admin: "Password of Grafana's user admin.",
  grafana_secret_key: "Key by which Grafana encrypts the secrets in its database; without it, the database's are lost.",
} as const;

/**
 * The secrets without a value: the instance generates those at its first boot, so that none of them ever is in Terraform's
 * state. A secret that was destroyed keeps its name for 30 days, in which it can be restored: so each gets one of its own.
 */
export function defineSecrets(module: ModuleStack, variables: Variables): void {
  for (const [name, description] of Object.entries(SECRETS))
    new SecretsmanagerSecret(module, `${name}.secret`, {
      namePrefix: `\${var.name}-host/${name.replaceAll('_', '-')}-`,
      description,
      kmsKeyId: variables.kmsKeyArn.stringValue,
      recoveryWindowInDays: 30,
      tags: Token.asStringMap(variables.tags.value),
    });
}

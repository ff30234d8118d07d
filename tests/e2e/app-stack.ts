import { FOLDERS } from '../../main.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { Configuration } from './configuration.ts';
import type { Inputs } from './deployment.ts';

/** The stack of an application, which attaches a log group by the module log-group. */
export class AppStack {
  readonly #configuration: Configuration;
  readonly #provider: Readonly<Record<string, unknown>>;

  /** @param provider who applies it: the `provider "aws"` block. Default: the account's root */
  constructor(stack: Stack, name: string, provider = stack.provider) {
    this.#configuration = new Configuration(stack, name);
    this.#provider = provider;
  }

  /** @throws Error with Terraform's words */
  async apply(inputs: Inputs): Promise<void> {
    this.#configuration.write('main.tf.json', {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: this.#provider },
      module: { log_group: { source: this.#configuration.source(FOLDERS.logGroup), ...inputs } },
      output: { wanted_by: { value: '${module.log_group.wanted_by}' } },
    });
    await this.#configuration.apply();
  }

  /** Who asks for the log group, by the names of the claimants. */
  async wantedBy(): Promise<readonly string[]> {
    return (await this.#configuration.output<readonly string[]>('wanted_by')).map((by) => by.split(':', 1).join());
  }

  plan(): Promise<string> {
    return this.#configuration.plan();
  }

  /** Has the log group attached again. */
  async repair(): Promise<void> {
    await this.#configuration.must(
      'apply',
      '-auto-approve',
      '-replace=module.log_group.aws_lambda_invocation.attachment',
    );
  }

  async destroy(): Promise<void> {
    await this.#configuration.destroy();
  }
}

import type { Reconciliation } from '../../function/registry/answers.ts';
import { FOLDERS } from '../../main.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { Configuration } from './configuration.ts';

/** What `terraform show` says of the module's outputs. */
export interface Outputs {
  readonly bucket: string;
  readonly shipper_function_name: string;
  readonly registrar_function_name: string;
  readonly reconciliation: Reconciliation;
  readonly loki_host: { readonly volume_id: string; readonly on_destroy: string } | null;
  readonly log_groups: Readonly<
    Record<string, { readonly labels: Readonly<Record<string, string>>; readonly logql: string }>
  >;
}

export type Inputs = Readonly<Record<string, unknown>>;

/** The module, used by a configuration like that of a platform repo. */
export class Deployment {
  readonly #stack: Stack;
  readonly #configuration: Configuration;

  constructor(stack: Stack, name: string) {
    this.#stack = stack;
    this.#configuration = new Configuration(stack, name);
  }

  /** Applies the module with these inputs, to all that the module has. @throws Error with Terraform's words */
  async apply(inputs: Inputs): Promise<void> {
    this.set(inputs);
    await this.#configuration.apply();
  }

  /** Writes these inputs into the configuration. */
  set(inputs: Inputs): void {
    this.#configuration.write('main.tf.json', {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: this.#stack.provider },
      module: { loki_shipper: { source: this.#configuration.source(FOLDERS.shipper), ...inputs } },
      output: { all: { value: '${module.loki_shipper}' } },
    });
  }

  /** What a plan would change, in Terraform's words; empty when nothing. */
  plan(): Promise<string> {
    return this.#configuration.plan();
  }

  /** What a plan would change: address in the module → actions. */
  async changes(): Promise<Readonly<Record<string, readonly string[]>>> {
    const changes = Object.entries(await this.#configuration.changes());
    return Object.fromEntries(
      changes.map(([address, actions]) => [address.replace('module.loki_shipper.', ''), actions]),
    );
  }

  /** Has a resource of the module made again. */
  async repair(address: string): Promise<void> {
    await this.#configuration.must('apply', '-auto-approve', `-replace=module.loki_shipper.${address}`);
  }

  /** Has Terraform forget a resource of the module, which stays as it is. */
  async forget(address: string): Promise<void> {
    await this.#configuration.must('state', 'rm', `module.loki_shipper.${address}`);
  }

  async destroy(): Promise<void> {
    await this.#configuration.destroy();
  }

  outputs(): Promise<Outputs> {
    return this.#configuration.output('all');
  }
}

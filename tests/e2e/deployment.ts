import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from '../../tools/build.ts';
import type { Stack } from '../../tools/local/stack.ts';

/** What `terraform show` says of the module's outputs. */
export interface Outputs {
  readonly bucket: string;
  readonly shipper_function_name: string;
  readonly registrar_function_name: string;
  readonly log_groups: Readonly<
    Record<string, { readonly labels: Readonly<Record<string, string>>; readonly logql: string }>
  >;
}

export type Inputs = Readonly<Record<string, unknown>>;

/** Where the module and the command line are built for a stack: what is tested is what the sources are now. */
export const distOf = ({ folder }: Stack) => join(folder, 'dist');

/** The module, used by a configuration like that of a platform repo. */
export class Deployment {
  readonly #folder: string;
  readonly #stack: Stack;
  #built?: Promise<void>;

  constructor(stack: Stack, name: string) {
    this.#stack = stack;
    this.#folder = join(stack.folder, name);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Applies the module with these inputs, to all that the module has. @throws Error with Terraform's words */
  async apply(inputs: Inputs): Promise<void> {
    this.#built ??= build(distOf(this.#stack));
    await this.#built;
    writeFileSync(join(this.#folder, 'main.tf.json'), JSON.stringify(this.#configuration(inputs)));
    await this.#must('init', '-upgrade=false');
    await this.#must('apply', '-auto-approve');
  }

  /** What a plan would change, in Terraform's words; empty when nothing. */
  async plan(): Promise<string> {
    const { status, stdout, stderr } = await this.#run('plan', '-detailed-exitcode');
    if (status === 1) throw new Error(`${stdout}${stderr}`);
    return status === 0 ? '' : stdout;
  }

  /** Has a resource of the module made again. */
  async repair(address: string): Promise<void> {
    await this.#must('apply', '-auto-approve', `-replace=module.loki_shipper.${address}`);
  }

  async destroy(): Promise<void> {
    await this.#must('destroy', '-auto-approve');
  }

  async outputs(): Promise<Outputs> {
    return JSON.parse(await this.#must('output', '-json', 'all'));
  }

  #configuration(inputs: Inputs) {
    const source = relative(this.#folder, join(distOf(this.#stack), 'module'));
    return {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: this.#stack.provider },
      module: { loki_shipper: { source, ...inputs } },
      output: { all: { value: '${module.loki_shipper}' } },
    };
  }

  #run(...args: readonly string[]) {
    return this.#stack.terraform.run(args, { cwd: this.#folder });
  }

  async #must(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.#run(...args);
    if (status !== 0) throw new Error(`terraform ${args.join(' ')}:\n${stdout}\n${stderr}`);
    return stdout;
  }
}

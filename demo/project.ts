import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Result } from '../tools/local/commands.ts';
import type { Stack } from '../tools/local/stack.ts';

/** The outputs of `examples/demo`. */
export interface Outputs {
  readonly log_groups: Readonly<Record<string, { readonly labels: Readonly<Record<string, string>> }>>;
  readonly functions: readonly string[];
  readonly shipper: string;
  readonly bucket: string;
}

/** `examples/demo` as a user has it, on the emulated AWS: a file beside it overrides nothing but the provider's endpoints. */
export class Project {
  readonly #stack: Stack;
  readonly #folder: string;

  constructor(stack: Stack) {
    this.#stack = stack;
    this.#folder = join(stack.folder, 'examples', 'demo');
    cpSync('examples/demo', this.#folder, { recursive: true, filter: (file) => !file.includes('.terraform') });
    symlinkSync(resolve('dist'), join(stack.folder, 'dist'));
    writeFileSync(
      join(this.#folder, 'provider_override.tf.json'),
      JSON.stringify({ provider: { aws: stack.provider } }),
    );
    writeFileSync(join(this.#folder, 'demo.auto.tfvars.json'), JSON.stringify({ loki_url: stack.loki.url }));
  }

  /**
   * @param tell gets the progress: how many of how many resources are there
   * @returns how many resources were created
   */
  async apply(tell: (progress: string) => void): Promise<number> {
    await this.#must(['init']);
    let planned = 0;
    let created = 0;
    await this.#must(['apply', '-auto-approve'], (line) => {
      planned = Number(/^Plan: (\d+) to add/.exec(line)?.[1] ?? planned);
      if (/: Creation complete after/.test(line)) created++;
      // The provider looks ten times, each five seconds, whether the rules stay as they are.
      const waits = /lifecycle_configuration.*: Still creating/.test(line) ? "; the bucket's rules take a minute" : '';
      if (planned > 0) tell(`${created} of ${planned} resources${waits}`);
    });
    return created;
  }

  async outputs(): Promise<Outputs> {
    const { stdout } = await this.#must(['output', '-json']);
    const outputs: Record<string, { value: unknown }> = JSON.parse(stdout);
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])) as unknown as Outputs;
  }

  async destroy(tell: (progress: string) => void): Promise<void> {
    let destroyed = 0;
    await this.#must(['destroy', '-auto-approve'], (line) => {
      if (/: Destruction complete after/.test(line)) tell(`${++destroyed} resources`);
    });
  }

  /** How many resources Terraform still knows of. */
  remaining(): number {
    const state = JSON.parse(readFileSync(join(this.#folder, 'terraform.tfstate'), 'utf8'));
    return state.resources.length;
  }

  async #must(args: readonly string[], onLine?: (line: string) => void): Promise<Result> {
    const result = await this.#stack.terraform.run(args, { cwd: this.#folder, ...(onLine && { onLine }) });
    if (result.status !== 0) throw new Error(`terraform ${args[0]} failed:\n${result.stderr || result.stdout}`);
    return result;
  }
}

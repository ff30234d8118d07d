import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LokiShipperError } from '../../function/errors.ts';
import type { Result } from '../run-program.ts';

/** The outputs of `examples/demo`. */
export interface Outputs {
  readonly log_groups: Readonly<Record<string, { readonly labels: Readonly<Record<string, string>> }>>;
  readonly functions: readonly string[];
  readonly shipper: string;
  readonly bucket: string;
}

/** Runs Terraform in the folder of the project. Does not throw when it fails. */
export type RunTerraform = (args: readonly string[], onLine?: (line: string) => void) => Promise<Result>;

/** Terraform did not do what it was asked for; its words say why. */
export class TerraformFailed extends LokiShipperError {
  override readonly name = 'TerraformFailed';
  constructor(command: string | undefined, { stdout, stderr }: Result) {
    super(`terraform ${command} failed:\n${(stderr || stdout).trim()}`);
  }
}

/** "All Lambda functions written in Python, in this region, whose name starts with fun." */
export function queryOf(region: string): string {
  return `{language="python", location="${region}", name=~"fun.*"}`;
}

/** `examples/demo` in a folder of its own. Each of its calls throws TerraformFailed. */
export class Project {
  readonly #folder: string;
  readonly #run: RunTerraform;

  constructor(folder: string, run: RunTerraform) {
    this.#folder = folder;
    this.#run = run;
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
    const state = join(this.#folder, 'terraform.tfstate');
    return existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')).resources.length : 0;
  }

  async #must(args: readonly string[], onLine?: (line: string) => void): Promise<Result> {
    const result = await this.#run(args, onLine);
    if (result.status !== 0) throw new TerraformFailed(args[0], result);
    return result;
  }
}

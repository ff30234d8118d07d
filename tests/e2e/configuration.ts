import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from '../../tools/build.ts';
import type { Stack } from '../../tools/local/stack.ts';

/** Where the modules and the command line are built for a stack: what is tested is what the sources are now. */
export const distOf = ({ folder }: Stack) => join(folder, 'dist');

const built = new WeakMap<Stack, Promise<unknown>>();

/** A root configuration of Terraform in a folder of its own, on the emulated AWS. */
export class Configuration {
  readonly #folder: string;
  readonly #stack: Stack;

  /** @param name of the folder, below that of the stack */
  constructor(stack: Stack, name: string) {
    this.#stack = stack;
    this.#folder = join(stack.folder, name);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** An example as a user has it: a file beside it overrides nothing but the endpoints of the provider. */
  static ofExample(stack: Stack, name: string): Configuration {
    const example = new Configuration(stack, `examples/${name}`);
    cpSync(`examples/${name}`, example.#folder, {
      recursive: true,
      filter: (file) => !file.includes('.terraform'),
    });
    example.write('provider_override.tf.json', { provider: { aws: stack.provider } });
    return example;
  }

  /** The folder of a published module, as a source is written. */
  source(module: string): string {
    return relative(this.#folder, join(distOf(this.#stack), module));
  }

  write(file: string, content: unknown): void {
    writeFileSync(join(this.#folder, file), JSON.stringify(content));
  }

  /** @throws Error with Terraform's words */
  async apply(...args: readonly string[]): Promise<string> {
    await this.init();
    return this.must('apply', '-auto-approve', ...args);
  }

  async init(): Promise<void> {
    if (!built.has(this.#stack)) built.set(this.#stack, build(distOf(this.#stack)));
    await built.get(this.#stack);
    await this.must('init', '-upgrade=false');
  }

  /** What a plan would change, in Terraform's words; empty when nothing. */
  async plan(): Promise<string> {
    const { status, stdout, stderr } = await this.#run('plan', '-detailed-exitcode');
    if (status === 1) throw new Error(`${stdout}${stderr}`);
    return status === 0 ? '' : stdout;
  }

  /** What a plan would change: address → actions, such as `create` or `delete`. */
  async changes(): Promise<Readonly<Record<string, readonly string[]>>> {
    return changesOf(await this.planJson());
  }

  /** All resources that the state has, with their attributes. */
  async resources(): Promise<readonly Resource[]> {
    const { values } = JSON.parse(await this.must('show', '-json'));
    return resourcesOf(values.root_module);
  }

  /** What a plan says, in Terraform's JSON. */
  async planJson(): Promise<string> {
    await this.must('plan', '-out=plan');
    return this.must('show', '-json', 'plan');
  }

  async destroy(): Promise<string> {
    return this.must('destroy', '-auto-approve');
  }

  /** The value of an output. */
  async output<T>(name: string): Promise<T> {
    return JSON.parse(await this.must('output', '-json', name));
  }

  /** @returns what Terraform says. @throws Error with Terraform's words */
  async must(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.#run(...args);
    if (status !== 0) throw new Error(`terraform ${args.join(' ')}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  #run(...args: readonly string[]) {
    return this.#stack.terraform.run(args, { cwd: this.#folder });
  }
}

interface Resource {
  readonly address: string;
  readonly type: string;
  readonly mode: 'managed' | 'data';
  readonly values: Readonly<Record<string, unknown>>;
}

interface StateModule {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly StateModule[];
}

function resourcesOf({ resources = [], child_modules = [] }: StateModule): readonly Resource[] {
  return [...resources.filter(({ mode }) => mode === 'managed'), ...child_modules.flatMap(resourcesOf)];
}

/** What a plan would change, of its JSON: address → actions. */
export function changesOf(planJson: string): Readonly<Record<string, readonly string[]>> {
  const { resource_changes = [] } = JSON.parse(planJson);
  return Object.fromEntries(
    (resource_changes as ResourceChange[])
      .map(({ address, change: { actions } }) => [address, actions] as const)
      .filter(([, actions]) => actions[0] !== 'no-op' && actions[0] !== 'read'),
  );
}

interface ResourceChange {
  readonly address: string;
  readonly change: { readonly actions: readonly string[] };
}

/** What work says when it fails, without Terraform's line breaks and frames. */
export function wordsOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it did not fail',
    (error: Error) => error.message.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' '),
  );
}

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LokiModule } from '../../modules/loki/index.ts';
import type { ModuleJson } from '../../modules/module-json.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { onPath, run } from '../../tools/local/commands.ts';
import { ROOT } from '../../tools/local/folders.ts';
import { MissingPart } from '../../tools/local/missing-part.ts';
import type { Block } from './fences.ts';
import { argumentOf } from './instructions.ts';

const PROGRAMS = join(ROOT, 'tests/docs/programs');

/** Programs of which the machine's own are used. */
const REAL =
  'base64 basename bash cat date dirname env grep gunzip gzip head jq mkdir sed sort tail tee test tr uniq'.split(' ');

/** Programs that blocks may call and that do not run where tests do. */
const NOTED = ['gh'];

/** The same, in blocks of which a comment says that they are only checked. */
const CHECKED = 'aws curl df docker du git journalctl sudo systemctl loki-host'.split(' ');

export interface ShellProps {
  /** For its programs. */
  readonly folder: string;
  /** Where blocks run. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly shellcheck: string;
}

/** Runs blocks of shell commands, with no programs but those that are named above or in `programs`. */
export class Shell {
  readonly #props: ShellProps;
  readonly #notes: string;

  /** @throws MissingPart */
  constructor(props: ShellProps) {
    this.#props = props;
    this.#notes = join(props.folder, 'notes');
    const own = ['aws', 'loki-shipper', 'npm', 'terraform'];
    this.#link('run', { ...realPrograms(), ...at('run', own), ...noted(NOTED) });
    this.#link('checked', {
      ...realPrograms(),
      ...noted([...NOTED, ...CHECKED]),
      ...at('checked', ['loki-shipper', 'terraform']),
      ...at('run', ['npm']),
    });
  }

  #link(name: string, programs: Readonly<Record<string, string>>): void {
    mkdirSync(join(this.#props.folder, name), { recursive: true });
    for (const [program, file] of Object.entries(programs)) symlinkSync(file, join(this.#props.folder, name, program));
  }

  /**
   * Runs a block to its end.
   * @returns the calls of it that were not made as they are, but checked
   * @throws Error with what its commands printed, when one fails
   */
  async run(block: Block): Promise<readonly string[]> {
    const { folder, cwd, env } = this.#props;
    const only = argumentOf(block, 'only checked:');
    const script = [around(block), filled(block)].join('');
    checkAddresses(block.text);
    rmSync(this.#notes, { force: true });
    const result = await run(join(folder, 'run/bash'), ['-euo', 'pipefail', '-c', script], {
      cwd,
      env: { ...env, PATH: join(folder, only ? 'checked' : 'run'), NOTES: this.#notes },
    });
    if (result.status !== 0) throw new Error(`it ends with ${result.status}:\n${result.stdout}${result.stderr}`);
    return existsSync(this.#notes) ? readFileSync(this.#notes, 'utf8').trim().split('\n') : [];
  }

  /** What ShellCheck says of a block; nothing where all is right. */
  async check(block: Block): Promise<string> {
    const file = join(this.#props.folder, 'block.sh');
    writeFileSync(file, `#!/usr/bin/env bash\n${block.text}`);
    return (await run(this.#props.shellcheck, ['--severity=warning', '--format=gcc', file])).stdout;
  }
}

function realPrograms(): Readonly<Record<string, string>> {
  const programs = REAL.map((program) => {
    const file = onPath(program);
    if (!file) throw new MissingPart(`${program}, which a document uses, is not on the PATH: install it.`);
    return [program, file] as const;
  });
  return { node: process.execPath, ...Object.fromEntries(programs) };
}

const at = (folder: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, join(PROGRAMS, folder, name)]));

const noted = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, join(PROGRAMS, 'noted.sh')]));

/** What is there before a block, if its comment names something. */
function around(block: Block): string {
  const name = argumentOf(block, 'with');
  return name ? readFileSync(resolve(ROOT, `tests/docs/surroundings/${name}.sh`), 'utf8') : '';
}

/** A block with values for what stands for them. */
function filled({ text, instructions }: Block): string {
  return instructions
    .map((instruction) => /^([^\s=]+)=(\S+)$/.exec(instruction))
    .reduce((given, found) => {
      const [, name = '', value = ''] = found ?? [];
      if (found && !given.includes(name)) throw new Error(`it has no ${name}, for which its comment has a value.`);
      return name ? given.replaceAll(name, value) : given;
    }, text);
}

/** A resource that a command names is one of the module that is called so. */
function checkAddresses(text: string): void {
  for (const [address, call, type = '', name = ''] of text.matchAll(/\bmodule\.(\w+)\.([a-z_]+)\.(\w+)/g)) {
    const modules: Readonly<Record<string, () => ModuleJson>> = {
      loki: () => new LokiModule(newModuleApp()).toModule(),
      loki_shipper: () => new ShipperModule(newModuleApp()).toModule(),
    };
    if (!modules[call ?? '']?.().resource[type]?.[name]) throw new Error(`there is no resource ${address}.`);
  }
}

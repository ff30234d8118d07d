import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { VERSION } from '../../function/version.ts';
import { type Result, run } from '../../tools/local/commands.ts';
import { areInstalled } from '../../tools/locked-packages.mjs';

/** Versions that come after the one that the project has. */
const [major = 0, minor = 0] = VERSION.split('.').map(Number);
export const FIRST = `${major}.${minor + 1}.0`;
export const SECOND = `${major}.${minor + 2}.0`;

/** In place of `npm test`, which takes an hour: that tests pass, and that they do not. */
export const PASSES = 'node -e ""';
export const FAILS = `node -e "console.log('1 failed'); process.exit(1)"`;

export interface CloneProps {
  /** Of its folder. */
  readonly name: string;
  /** @default - that of the tests */
  readonly umask?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Options of `git clone`. */
  readonly options?: readonly string[];
}

/** A repository of this project as it is in the working tree, of one commit, and clones of it, all in a temporary folder. */
export class Clones {
  readonly folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
  /** What is cloned. */
  readonly origin = new Clone({ name: 'origin' }, join(this.folder, 'origin'));

  /** Writes the repository. Its tests are `PASSES`. */
  async start(): Promise<void> {
    // Else a clone would install others, through the link, into this checkout.
    if (!areInstalled(readFileSync('package-lock.json', 'utf8'))) throw new Error('node_modules is old: run npm ci.');
    const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    for (const file of stdout.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(this.origin.folder, file)), { recursive: true });
      copyFileSync(file, join(this.origin.folder, file));
    }
    await must('git', ['init', '--quiet', '--initial-branch=main', this.origin.folder]);
    await this.origin.commit('Begin', setTests(PASSES));
  }

  async clone(props: CloneProps): Promise<Clone> {
    const folder = join(this.folder, props.name);
    mkdirSync(dirname(folder), { recursive: true });
    const clone = new Clone(props, folder);
    await clone.shell(
      `git clone --quiet ${(props.options ?? []).join(' ')} 'file://${this.origin.folder}' '${folder}'`,
      '/',
    );
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    // What is ignored is a folder of this name, and no link.
    writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
    return clone;
  }

  stop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Clone {
  readonly folder: string;
  readonly #props: CloneProps;

  constructor(props: CloneProps, folder: string) {
    this.#props = props;
    this.folder = folder;
  }

  /** `npm run release`, as people run it. */
  npmRelease(...args: readonly string[]): Promise<Result> {
    return this.shell(`npm run --silent release -- ${args.join(' ')}`);
  }

  /** The same, without npm. */
  release(...args: readonly string[]): Promise<Result> {
    return this.shell(`node --import ./tools/typescript.mjs tools/release/main.ts ${args.join(' ')}`);
  }

  /** Runs a command with the umask and the environment of the clone. */
  shell(command: string, cwd = this.folder): Promise<Result> {
    const { umask, env } = this.#props;
    return run('sh', ['-c', umask ? `umask ${umask}; ${command}` : command], {
      cwd,
      env: { ...process.env, ...OFFLINE, ...env },
    });
  }

  async git(...args: readonly string[]): Promise<string> {
    return (await must('git', ['-C', this.folder, ...args])).replace(/\n$/, '');
  }

  read(file: string): Buffer {
    return readFileSync(join(this.folder, file));
  }

  /** Commits what a change makes of the folder. Equal changes are equal commits. */
  async commit(heading: string, change: (folder: string) => void): Promise<void> {
    change(this.folder);
    await must('git', ['-C', this.folder, 'add', '--all']);
    await must('git', ['-C', this.folder, 'commit', '--quiet', '--no-gpg-sign', '-m', heading], SOMEBODY);
  }

  /** All branches and tags, where HEAD is, and what is changed in the checkout: what a refusal leaves as it is. */
  async state(): Promise<string> {
    const refs = await this.git('for-each-ref', '--format=%(refname) %(objectname)');
    return [refs, await this.git('rev-parse', 'HEAD'), await this.git('status', '--porcelain', '--branch')].join('\n');
  }
}

/** Has `npm test` run something else. */
export function setTests(command: string): (folder: string) => void {
  return changeJson('package.json', (json) => {
    json.scripts.test = command;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: JSON that a test changes.
export function changeJson(file: string, change: (json: any) => void): (folder: string) => void {
  return (folder) => {
    const json = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    change(json);
    writeFileSync(join(folder, file), `${JSON.stringify(json, null, 2)}\n`);
  };
}

/** Nothing listens there: what asks a registry, or anybody else, fails. */
const OFFLINE = {
  npm_config_registry: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
};

const SOMEBODY = {
  GIT_AUTHOR_NAME: 'An Author',
  GIT_AUTHOR_EMAIL: 'author@example.com',
  GIT_AUTHOR_DATE: '2026-03-31T23:30:00-05:00',
  GIT_COMMITTER_NAME: 'A Committer',
  GIT_COMMITTER_EMAIL: 'committer@example.com',
  GIT_COMMITTER_DATE: '2026-04-01T23:30:00-05:00',
};

async function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, { env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stderr}`);
  return stdout;
}

import { spawnSync } from 'node:child_process';

/** What people set for themselves, and what a release must not depend on. */
const SAME_FOR_ALL = {
  'core.autocrlf': 'false',
  'core.eol': 'lf',
  'core.quotePath': 'false',
  'core.attributesFile': '/dev/null',
  'i18n.commitEncoding': 'UTF-8',
  'log.showSignature': 'false',
  'tar.umask': '0022',
};
const SETTINGS = Object.entries(SAME_FOR_ALL).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

export interface GitOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git here. @returns what it says, without the last line break */
export function git(args: readonly string[], options: GitOptions = {}): string {
  return gitBytes(args, options).toString().replace(/\n$/, '');
}

export function gitBytes(args: readonly string[], { input = '', env = {} }: GitOptions = {}): Buffer {
  const { error, status, stdout, stderr } = spawnSync('git', [...SETTINGS, ...args], {
    input,
    env: { ...process.env, ...env },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error) throw error;
  if (status !== 0) throw new GitFailed(args.find((arg) => /^[a-z-]{3,}$/.test(arg)) ?? '', stderr.toString());
  return stdout;
}

/** What git says of a question that has no answer here: of a name that is no commit, for example. */
export function gitOrNothing(...args: readonly string[]): string | undefined {
  try {
    return git(args);
  } catch (error) {
    if (error instanceof GitFailed) return undefined;
    throw error;
  }
}

export class GitFailed extends Error {
  override name = 'GitFailed' as const;

  constructor(command: string, words: string) {
    const lines = words.trim().split('\n');
    super(`git ${command} failed: ${lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0]}`);
  }
}

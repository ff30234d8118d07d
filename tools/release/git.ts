import { spawnSync } from 'node:child_process';

export interface GitOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git here. @returns what it says, without the last line break */
export function git(args: readonly string[], options: GitOptions = {}): string {
  return gitBytes(args, options).toString().replace(/\n$/, '');
}

export function gitBytes(args: readonly string[], { input = '', env = {} }: GitOptions = {}): Buffer {
  const { error, status, stdout, stderr } = spawnSync('git', args, {
    input,
    env: { ...process.env, ...env },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error) throw error;
  if (status !== 0) throw new GitFailed(commandOf(args), stderr.toString());
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

/** The name of a command, behind settings. */
function commandOf(args: readonly string[]): string {
  return args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-c') ?? '';
}

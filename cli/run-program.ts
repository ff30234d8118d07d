import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gets each line as it is printed, standard output and error alike. */
  readonly onLine?: (line: string) => void;
  /** Asks the command to end (SIGINT, as Ctrl-C does); the result is still waited for. */
  readonly signal?: AbortSignal;
}

export interface Running {
  readonly pid: number | undefined;
  /** Rejects when it could not be started. */
  readonly result: Promise<Result>;
}

/** Starts a command. It has a process group of its own: a Ctrl-C in the terminal reaches us alone. */
export function startProgram(command: string, args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      if (!options.onLine) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(options.onLine);
    });
  }
  const interrupt = () => child.kill('SIGINT');
  options.signal?.addEventListener('abort', interrupt, { once: true });
  const result = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, ...output }));
  });
  return {
    pid: child.pid,
    result: result.finally(() => options.signal?.removeEventListener('abort', interrupt)),
  };
}

/** The full path of a program that the PATH has, or undefined. */
export function onPath(program: string, path = process.env.PATH): string | undefined {
  for (const folder of (path ?? '').split(delimiter)) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

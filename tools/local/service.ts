import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { atEnd } from './at-end.ts';
import { killGroup } from './commands.ts';

/** A server that runs beside us. */
export interface Service {
  /** What it printed last, for messages of failure. */
  output(): string;
  /** Ends it and all that it started. */
  stop(): Promise<void>;
  /** Ends it and all that it started at once, as a crash does. */
  kill(): Promise<void>;
}

export interface ServiceProps {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** All of its environment: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether it answers yet; asked until it does. */
  readonly ready: (signal: AbortSignal) => Promise<boolean>;
  readonly withinMs: number;
}

/** Starts a server and waits until it answers. It leads a process group of its own, which ends with this process. */
export async function startService(props: ServiceProps): Promise<Service> {
  const { name, command, args = [], env, cwd } = props;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
    });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const callOff = atEnd(() => killGroup(child.pid));

  const kill = async () => {
    killGroup(child.pid);
    await ended;
    callOff();
  };
  const stop = async () => {
    killGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, delay(3_000, undefined, { ref: false })]);
    await kill();
  };

  let running = true;
  void ended.then(() => {
    running = false;
  });
  const deadline = Date.now() + props.withinMs;
  while (!(await props.ready(AbortSignal.timeout(2_000)).catch(() => false))) {
    if (running && Date.now() < deadline) {
      await delay(50);
      continue;
    }
    await stop();
    throw new Error(`${name} did not start; it printed:\n${output.slice(-2_000)}`);
  }
  return { output: () => output, stop, kill };
}

/** A port of 127.0.0.1 that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

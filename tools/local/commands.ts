import { type Result, type RunOptions, startProgram } from '../../cli/run-program.ts';
import { atEnd } from './at-end.ts';

export { onPath, type Result, type RunOptions } from '../../cli/run-program.ts';

/** Runs a command to its end. What it started is gone when this process ends before. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { pid, result } = startProgram(command, args, options);
  const callOff = atEnd(() => killGroup(pid));
  return result.finally(callOff);
}

/** Ends a process and all that it started, if it leads a group. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

import type { lambdaInvoke } from '../function/aws/invoke.ts';
import type { callerOf } from './aws/caller.ts';
import type { functionSettings } from './aws/function-settings.ts';
import type { lambdaFunctions } from './aws/functions.ts';
import type { logGroups } from './aws/log-groups.ts';
import type { logHistory } from './aws/log-history.ts';
import type { logMetrics } from './aws/log-metrics.ts';
import type { Result, RunOptions } from './run-program.ts';

/** What a command needs from outside. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether a terminal may get colours. */
  readonly colours: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborts when the user has had enough. */
  readonly signal: AbortSignal;
  /** Calls functions of a region with the rights of a profile. */
  readonly connect: typeof lambdaInvoke;
  /** Reads how functions of a region are set up, with the rights of a profile. */
  readonly settings: typeof functionSettings;
  /** Looks at functions of a region, with the rights of a profile. */
  readonly functions: typeof lambdaFunctions;
  /** Looks at log groups of a region and writes to them, with the rights of a profile. */
  readonly logGroups: typeof logGroups;
  /** Reads what log groups of a region hold, with the rights of a profile. */
  readonly history: typeof logHistory;
  /** Reads what CloudWatch counted of log groups of a region, with the rights of a profile. */
  readonly metrics: typeof logMetrics;
  /** Asks AWS who it is that has the rights of a profile. */
  readonly callerOf: typeof callerOf;
  /** Variables of the environment. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Runs a program to its end. */
  readonly run: (command: string, args: readonly string[], options: RunOptions) => Promise<Result>;
  /** Asks the user, who answers with a line; undefined where there is no terminal. Rejects when the signal aborts. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string>) | undefined;
  /** The folder for what is to be there the next time. */
  readonly stateFolder: string;
}

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

import { homedir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { lambdaInvoke } from '../function/aws/invoke.ts';
import { ask } from './ask.ts';
import { callerOf } from './aws/caller.ts';
import { functionSettings } from './aws/function-settings.ts';
import { lambdaFunctions } from './aws/functions.ts';
import { logGroups } from './aws/log-groups.ts';
import { logHistory } from './aws/log-history.ts';
import { logMetrics } from './aws/log-metrics.ts';
import { runCli } from './program.ts';
import { startProgram } from './run-program.ts';
import { stateFolder } from './state-folder.ts';

// The SDK's advice to leave Node 20 concerns its next versions; ours is in this file.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

// The first Ctrl-C ends it in order; another one, at once.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  colours: !process.env.NO_COLOR,
  now: Date.now,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  signal: interruption.signal,
  connect: lambdaInvoke,
  settings: functionSettings,
  functions: lambdaFunctions,
  logGroups,
  history: logHistory,
  metrics: logMetrics,
  callerOf,
  env: process.env,
  run: (command, args, options) => startProgram(command, args, options).result,
  ask: process.stdin.isTTY ? ask : undefined,
  stateFolder: stateFolder(process.env, process.platform, homedir()),
});

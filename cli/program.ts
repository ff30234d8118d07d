import { Command, CommanderError } from 'commander';
import { LokiShipperError } from '../function/errors.ts';
import { VERSION } from '../function/version.ts';
import { attachCommand, detachCommand } from './attach/command.ts';
import { backfillCommand } from './backfill/command.ts';
import { completionCommand } from './completion/command.ts';
import { demoCommand } from './demo/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { previewCommand } from './preview/command.ts';
import { replayCommand } from './replay/command.ts';
import { statusCommand } from './status/command.ts';
import type { Surroundings } from './surroundings.ts';
import { plainText } from './text-width.ts';

/** Each adds a command to the program, in the order in which help lists them. */
const COMMANDS = [
  statusCommand,
  attachCommand,
  detachCommand,
  doctorCommand,
  replayCommand,
  backfillCommand,
  previewCommand,
  demoCommand,
  completionCommand,
];

/** The program with all its commands. @param end hears how a command ended */
export function defineProgram(surroundings: Surroundings, end: (code: ExitCode) => void): Command {
  const { stdout, stderr } = surroundings;
  const program = new Command('loki-shipper')
    .description('Works with the loki-shipper that is deployed in an account of AWS.')
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride();
  for (const define of COMMANDS) define(program, surroundings, end);
  return program;
}

/** Runs the command line. @param args without those of Node */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = defineProgram(surroundings, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badUsage;
    if (!(error instanceof LokiShipperError)) throw error;
    surroundings.stderr.write(`error: ${error.message.split('\n').map(plainText).join('\n')}\n`);
    return EXIT.failed;
  }
}

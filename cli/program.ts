import { Command, CommanderError } from 'commander';
import { LokiShipperError } from '../function/errors.ts';
import { VERSION } from '../function/version.ts';
import { backfillCommand } from './backfill/command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { replayCommand } from './replay/command.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs the command line. @param args without those of Node */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings;
  let code: ExitCode = EXIT.ok;
  const program = new Command('loki-shipper')
    .description('Works with the loki-shipper that is deployed in an account of AWS.')
    .version(VERSION)
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
  const end = (result: ExitCode) => {
    code = result;
  };
  replayCommand(program, surroundings, end);
  backfillCommand(program, surroundings, end);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badUsage;
    if (!(error instanceof LokiShipperError)) throw error;
    stderr.write(`error: ${error.message}\n`);
    return EXIT.failed;
  }
}

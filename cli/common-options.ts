import type { Command } from 'commander';
import type { Surroundings } from './surroundings.ts';

/** What every command that works with an installation takes. */
export interface CommonOptions {
  /** Of the module. */
  readonly name: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

/**
 * Adds the common options, which help shows after those of the command.
 * @param name of the module, where none is given
 */
export function withCommonOptions(command: Command, name = 'loki-shipper'): Command {
  return command
    .optionsGroup('Common options:')
    .option('--name <name>', 'name of the module', name)
    .option('--region <region>', 'of AWS; by default that of the environment or the profile')
    .option('--profile <profile>', 'of the configuration of AWS')
    .option('--json', 'print the result as one line of JSON')
    .helpOption('-h, --help', 'display help for command');
}

/** Where to call: what is left out comes from the environment, as with AWS's own tools. */
export function placeOf({ region, profile }: CommonOptions): Parameters<Surroundings['connect']>[0] {
  return { ...(region && { region }), ...(profile && { profile }) };
}

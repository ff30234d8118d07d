import { type Command, Option } from 'commander';
import type { Surroundings } from './surroundings.ts';

/** What every command that works with an installation takes. */
export interface CommonOptions {
  /** Of the module. */
  readonly name: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

const OPTIONS: readonly Option[] = [
  new Option('--name <name>', 'name of the module').default('loki-shipper'),
  new Option('--region <region>', 'of AWS; by default that of the environment or the profile'),
  new Option('--profile <profile>', 'of the configuration of AWS'),
  new Option('--json', 'print the result as one line of JSON'),
];

/** Adds the common options, which help shows after those of the command. */
export function withCommonOptions(command: Command): Command {
  command.optionsGroup('Common options:');
  for (const option of OPTIONS) command.addOption(option);
  return command.helpOption('-h, --help', 'display help for command');
}

/** Where to call: what is left out comes from the environment, as with AWS's own tools. */
export function placeOf({ region, profile }: CommonOptions): Parameters<Surroundings['connect']>[0] {
  return { ...(region && { region }), ...(profile && { profile }) };
}

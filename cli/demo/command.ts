import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import type { Caller } from '../aws/caller.ts';
import { type CommonOptions, placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { paintFor } from '../paint.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { demoFiles, projectFolder, writeDemo } from './files.ts';
import { Project } from './project.ts';
import { startedJson, startedText } from './report.ts';
import { findTerraform, terraformIn } from './terraform.ts';

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

interface StartOptions extends Options {
  readonly lokiUrl: string;
  readonly module?: string;
}

const NAME = 'loki-shipper-demo';

const CODES = exitCodes({ ok: 'it is done', refused: 'you did not agree' });

const HELP = `
It needs Terraform or OpenTofu, the rights to create what the module has, and a Loki that AWS Lambda can reach.

${CODES}

Examples:
  loki-shipper demo start --loki-url https://loki.example.com
  loki-shipper demo stop`;

export function demoCommand(program: Command, surroundings: Surroundings, end: (code: ExitCode) => void): void {
  const demo = program
    .command('demo')
    .description('Shows loki-shipper in an account of AWS: two functions that log, and their lines in your Loki.')
    .addHelpText('after', HELP);
  const start = demo
    .command('start')
    .description('Creates the demo with Terraform: two sample functions that run each minute, and a loki-shipper.')
    .requiredOption('--loki-url <url>', 'base URL of the Loki that gets the lines, without credentials', parseUrl)
    .option('--module <source>', "source of the module in Terraform's words; by default, the one of this version")
    .option('--yes', 'do not ask before anything is created')
    .addHelpText('after', `\n${CODES}`)
    .allowExcessArguments(false)
    .action(async (options: StartOptions) => end(await endOf(startDemo(options, surroundings), surroundings)));
  const stop = demo
    .command('stop')
    .description('Removes what the demo created, and its folder.')
    .option('--yes', 'do not ask before anything is removed')
    .addHelpText('after', `\n${CODES}`)
    .allowExcessArguments(false)
    .action(async (options: Options) => end(await endOf(stopDemo(options, surroundings), surroundings)));
  for (const command of [start, stop]) withCommonOptions(command, NAME);
}

function parseUrl(text: string): string {
  if (!/^https?:\/\/[^\s/?#@]+[^\s?#@]*$/.test(text))
    throw new InvalidArgumentError('It must be http:// or https://, a host and maybe a path, without credentials.');
  return text;
}

/** There is no demo to be stopped. */
export class NoDemo extends LokiShipperError {
  override readonly name = 'NoDemo';
  constructor(name: string, { account, region }: Caller, folder: string) {
    super(
      `No demo ${name} was started from here in account ${account}, region ${region}: there is no folder ${folder}.`,
    );
  }
}

/** Nobody can be asked, and --yes was not given. */
export class NobodyToAsk extends LokiShipperError {
  override readonly name = 'NobodyToAsk';
  constructor() {
    super('There is no terminal to ask in: give --yes if this is what you want.');
  }
}

async function startDemo(options: StartOptions, surroundings: Surroundings): Promise<ExitCode> {
  const { lokiUrl, module, name, json } = options;
  const { stdout, colours } = surroundings;
  const program = findTerraform(surroundings);
  const files = demoFiles();
  const { caller, folder } = await placeOfDemo(options, surroundings);
  const what = `This creates two sample functions and the loki-shipper ${name} in account ${caller.account}, region ${caller.region}, as ${caller.arn}. Until loki-shipper demo stop it costs some cents a day.`;
  if (!(await agrees(what, options, surroundings))) return EXIT.refused;

  const { account, region } = caller;
  const cwd = writeDemo(folder, files, { name, lokiUrl, region, account, ...(module && { module }) });
  const project = new Project(cwd, terraformIn(cwd, program, { ...options, region }, surroundings));
  const resources = await withProgress(surroundings, 'Creating', (tell) => project.apply(tell));
  const started = { account, region, folder, name, lokiUrl, resources, outputs: await project.outputs() };
  stdout.write(json ? startedJson(started) : startedText(started, paintFor(stdout, colours)));
  return EXIT.ok;
}

async function stopDemo(options: Options, surroundings: Surroundings): Promise<ExitCode> {
  const { name, json } = options;
  const program = findTerraform(surroundings);
  const { caller, folder } = await placeOfDemo(options, surroundings);
  const { account, region } = caller;
  if (!existsSync(folder)) throw new NoDemo(name, caller, folder);
  const what = `This removes the demo ${name} from account ${account}, region ${region}, as ${caller.arn}.`;
  if (!(await agrees(what, options, surroundings))) return EXIT.refused;

  const cwd = projectFolder(folder);
  const project = new Project(cwd, terraformIn(cwd, program, { ...options, region }, surroundings));
  await withProgress(surroundings, 'Removing', (tell) => project.destroy(tell));
  rmSync(folder, { recursive: true });
  const words = json ? JSON.stringify({ name, account, region, folder }) : `The demo ${name} is gone.`;
  surroundings.stdout.write(`${words}\n`);
  return EXIT.ok;
}

/** Each account and region has a folder of its own: a demo is never stopped with the credentials of another account. */
async function placeOfDemo(
  options: Options,
  { callerOf, signal, stateFolder }: Surroundings,
): Promise<{ readonly caller: Caller; readonly folder: string }> {
  const caller = await callerOf(placeOf(options), signal);
  return { caller, folder: join(stateFolder, 'demo', `${options.name}-${caller.account}-${caller.region}`) };
}

/** @throws NobodyToAsk */
async function agrees(what: string, { yes }: Options, { ask, stderr, signal }: Surroundings): Promise<boolean> {
  stderr.write(`${what}\n`);
  if (yes) return true;
  if (!ask) throw new NobodyToAsk();
  return (await ask('Type yes to go on: ', signal)).trim() === 'yes';
}

async function withProgress<T>(
  { stderr }: Surroundings,
  doing: string,
  work: (tell: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const progress = new ProgressLine(stderr);
  progress.show(`${doing} …`);
  try {
    return await work((detail) => progress.show(`${doing}: ${detail}`));
  } finally {
    progress.clear();
  }
}

/** What was created by then is known to Terraform, whatever the end. */
async function endOf(work: Promise<ExitCode>, { signal, stderr }: Surroundings): Promise<ExitCode> {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted) throw error;
    stderr.write('Interrupted: the same command goes on, and loki-shipper demo stop removes what was created.\n');
    return EXIT.interrupted;
  }
}

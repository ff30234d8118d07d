import type { Command } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import { type CommonOptions, placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { explain } from '../explain.ts';
import { paintFor } from '../paint.ts';
import { partsOf } from '../parts.ts';
import { ProgressLine, progressBar } from '../progress-line.ts';
import { repeated } from '../repeated.ts';
import type { Surroundings } from '../surroundings.ts';
import { widthOf } from '../table.ts';
import { parseFilterPattern, parseLogGroup, parsePrefix, parseTag, type Tag } from './parse.ts';
import { type AttachReport, reportText } from './report.ts';
import { type Ask, type Result, run, type Target } from './run.ts';

interface Options extends CommonOptions {
  readonly prefix?: readonly string[];
  readonly dryRun?: boolean;
}

interface AttachOptions extends Options {
  readonly tag?: readonly Tag[];
  readonly filterPattern?: string;
}

type End = (code: ExitCode) => void;

const DRY_RUN = ['--dry-run', 'say what would change, and change nothing'] as const;

const EXIT_CODES = exitCodes({
  ok: 'all is done, or would be',
  refused: 'something failed; the rest is done',
  failed: 'the registrar could not be called; what was done until then is shown',
});

const ATTACH_HELP = `
For log groups that neither the module's inputs nor the stack of an application names. The registrar keeps them
subscribed, and those that are born later under a prefix, until they are detached. Attaching once more replaces the
tags and the pattern. What the module or an older claim says of a log group comes first: status shows who wants it.

${EXIT_CODES}

Examples:
  loki-shipper attach /ecs/orders /ecs/invoices --tag owner=checkout --tag tier=1
  loki-shipper attach --prefix /aws/codebuild/ --filter-pattern ERROR --dry-run`;

const DETACH_HELP = `
Takes back what attach asked for, and the tags that it wrote. What the module or the stack of an application wants
stays as it is.

${EXIT_CODES}

Examples:
  loki-shipper detach /ecs/orders
  loki-shipper detach --prefix /aws/codebuild/ --dry-run`;

export function attachCommand(program: Command, surroundings: Surroundings, end: End): void {
  const command = define(program, 'attach', 'Ships log groups that no stack manages.')
    .option('--tag <key=value>', 'write this tag to them; may be given again', repeated(parseTag))
    .option('--filter-pattern <pattern>', "ship only what matches; by default the module's pattern", parseFilterPattern)
    .option(...DRY_RUN)
    .addHelpText('after', ATTACH_HELP)
    .action(async (groups: readonly string[] | undefined, options: AttachOptions) => {
      const { tag = [], filterPattern = null } = options;
      const ask = { action: 'attach', tags: Object.fromEntries(tag), filterPattern } as const;
      end(await change(ask, targetsOf(groups, options, command), options, surroundings));
    });
  withCommonOptions(command);
}

export function detachCommand(program: Command, surroundings: Surroundings, end: End): void {
  const command = define(program, 'detach', 'Ends the shipping of log groups that were attached by hand.')
    .option(...DRY_RUN)
    .addHelpText('after', DETACH_HELP)
    .action(async (groups: readonly string[] | undefined, options: Options) => {
      end(await change({ action: 'detach' }, targetsOf(groups, options, command), options, surroundings));
    });
  withCommonOptions(command);
}

function define(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[group...]', 'names of log groups', repeated(parseLogGroup))
    .option('--prefix <prefix>', 'all whose names begin with it; may be given again', repeated(parsePrefix));
}

function targetsOf(groups: readonly string[] = [], { prefix = [] }: Options, command: Command): readonly Target[] {
  if (groups.length + prefix.length === 0) command.error('error: name a log group, or a --prefix.');
  const target = (kind: Target['kind']) => (name: string) => ({ kind, name });
  return [...new Set(groups)].map(target('group')).concat([...new Set(prefix)].map(target('prefix')));
}

async function change(
  ask: Ask,
  targets: readonly Target[],
  options: Options,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { connect, signal, stdout, stderr, colours } = surroundings;
  const { registrar } = partsOf(options.name);
  const dryRun = options.dryRun ?? false;
  const progress = new ProgressLine(stderr);
  const results: Result[] = [];
  const show = () =>
    progress.show(`${progressBar(results.length / targets.length)} ${results.length} of ${targets.length}`);

  let error: string | null = null;
  show();
  try {
    for await (const result of run(ask, targets, { invoke: connect(placeOf(options)), registrar, dryRun, signal })) {
      results.push(result);
      show();
    }
  } catch (thrown) {
    // A call that is given up rejects.
    if (!signal.aborted) {
      if (!(thrown instanceof LokiShipperError)) throw thrown;
      error = explain(thrown, registrar);
    }
  } finally {
    progress.clear();
  }

  const interrupted = signal.aborted && results.length < targets.length;
  const report: AttachReport = { action: ask.action, dryRun, targets: results, interrupted, error };
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (results.length > 0 || !error) stdout.write(reportText(report, paintFor(stdout, colours), widthOf(stdout)));
  if (error) stderr.write(`error: ${error}\n`);
  return exitCodeOf(report);
}

function exitCodeOf({ targets, interrupted, error }: AttachReport): ExitCode {
  if (error) return EXIT.failed;
  if (interrupted) return EXIT.interrupted;
  return targets.every(({ ok }) => ok) ? EXIT.ok : EXIT.refused;
}

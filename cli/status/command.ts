import type { Command } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import { matchesPattern } from '../../function/replay-filter.ts';
import type { LastHour } from '../aws/log-metrics.ts';
import { type CommonOptions, placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { explain } from '../explain.ts';
import { numberText } from '../number-text.ts';
import { paintFor } from '../paint.ts';
import { partsOf } from '../parts.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { widthOf } from '../table.ts';
import { statusCard } from './card.ts';
import { byUrgency, groupReport, hasProblem, policyOf } from './group-report.ts';
import { readStatus } from './read.ts';
import type { StatusReport } from './report.ts';
import { statusTable } from './table.ts';

interface Options extends CommonOptions {
  readonly group?: string;
  readonly problems?: boolean;
  readonly metrics: boolean;
  readonly wide?: boolean;
}

const HELP = `
State: by whom it is subscribed, or what is wrong: filter_limit (AWS allows no more filters on it), log_class (only
the class STANDARD has filters), missing (there is no such group), foreign_filter (a filter of that name leads
elsewhere), failed, undelivered (CloudWatch cannot deliver to the shipper). Others: waiting (for a run of the
registrar), unwanted (still subscribed), gone.
Wanted by: listed and prefix are the module's inputs; the others attached it.
Forwarded: when CloudWatch last gave lines of it to the shipper, within the last hour.

It needs lambda:InvokeFunction on the registrar, and for the figures of the last hour cloudwatch:ListMetrics and
cloudwatch:GetMetricData, which AWS charges for: four metrics a log group.

${exitCodes({ ok: 'there are no problems with what is shown', refused: 'there are problems' })}

Examples:
  loki-shipper status --problems
  loki-shipper status --group /aws/lambda/checkout
  loki-shipper status --json --no-metrics | jq -r '.groups[] | select(.problem) | .logGroup'`;

export function statusCommand(program: Command, surroundings: Surroundings, end: (code: ExitCode) => void): void {
  const command = program
    .command('status')
    .description('Shows what is shipped of each log group, under which labels, and what is wrong.')
    .option('--group <pattern>', 'only these; * stands for any characters; of a single one, everything')
    .option('--problems', 'only those with problems')
    .option('--no-metrics', 'without the figures of the last hour')
    .option('--wide', 'cut and leave out nothing to make it fit the terminal')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (options: Options) => end(await status(options, surroundings)));
  withCommonOptions(command);
}

async function status(options: Options, surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, colours, now, signal } = surroundings;
  const progress = new ProgressLine(stderr);
  let report: StatusReport;
  try {
    report = await read(options, surroundings, progress);
  } catch (error) {
    progress.clear();
    if (signal.aborted) return EXIT.interrupted;
    if (!(error instanceof LokiShipperError)) throw error;
    stderr.write(`error: ${explain(error, partsOf(options.name).registrar)}\n`);
    return EXIT.failed;
  }
  progress.clear();
  const { groups, run } = report;
  const props = {
    paint: paintFor(stdout, colours),
    width: options.wide ? Number.POSITIVE_INFINITY : widthOf(stdout),
    now: now(),
  };
  const [only] = groups;
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else
    stdout.write(
      only && only.logGroup === options.group ? statusCard(only, report, props) : statusTable(report, props),
    );
  return run?.error || groups.some(hasProblem) ? EXIT.refused : EXIT.ok;
}

const HOUR_MS = 3_600_000;

/** @throws InvocationFailed, FunctionFailed, UnknownAnswer */
async function read(options: Options, surroundings: Surroundings, progress: ProgressLine): Promise<StatusReport> {
  const { group, problems } = options;
  const { connect, now, signal } = surroundings;
  progress.show('Reading log groups …');
  const all = await readStatus(connect(placeOf(options)), partsOf(options.name).registrar, signal, (groups) =>
    progress.show(`Reading log groups … ${numberText(groups)}`),
  );
  const selected = all.groups.filter(({ logGroup }) => group === undefined || matchesPattern(logGroup, group));
  const to = now();
  const figures = new Map<string, LastHour>();
  const error = options.metrics
    ? await readFigures(
        selected.map(({ logGroup }) => logGroup),
        to,
        figures,
        options,
        surroundings,
        progress,
      )
    : null;
  const policy = policyOf(all);
  const reports = selected.map((each) =>
    groupReport(each, all, typeof policy === 'string' ? undefined : policy, figures.get(each.logGroup)),
  );
  const { name, account, region, run } = all;
  return {
    name,
    account,
    region,
    run,
    metrics: options.metrics
      ? { from: new Date(to - HOUR_MS).toISOString(), to: new Date(to).toISOString(), error }
      : null,
    labelsError: typeof policy === 'string' ? policy : null,
    known: all.groups.length,
    groups: (problems ? reports.filter(hasProblem) : reports).sort(byUrgency),
  };
}

/** @returns why there are none, for example for want of a permission: the rest is worth to be shown without them */
async function readFigures(
  logGroups: readonly string[],
  to: number,
  figures: Map<string, LastHour>,
  options: Options,
  { metrics, signal }: Surroundings,
  progress: ProgressLine,
): Promise<string | null> {
  const query = { logGroups, filter: partsOf(options.name).filter, to };
  try {
    for await (const some of metrics(placeOf(options))(query, signal)) {
      for (const [logGroup, figuresOfIt] of some) figures.set(logGroup, figuresOfIt);
      progress.show(`Reading metrics … ${numberText(figures.size)} of ${numberText(logGroups.length)}`);
    }
    return null;
  } catch (error) {
    if (signal.aborted || !(error instanceof LokiShipperError)) throw error;
    figures.clear();
    return error.message;
  }
}

import { type Command, Option } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import { placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { explain } from '../explain.ts';
import { paintFor } from '../paint.ts';
import { parseRate } from '../parse-rate.ts';
import { parseTime } from '../parse-time.ts';
import { partsOf } from '../parts.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Checkpoint, removeCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { parkedInAll } from './counts.ts';
import { Pace } from './pace.ts';
import { prepare, type Request, type Time } from './prepare.ts';
import { progressText } from './progress.ts';
import { Rate, SAFE_BYTES_PER_SECOND } from './rate.ts';
import { timeText } from './refusals.ts';
import { type Ending, reportJson, reportText } from './report.ts';
import { backfill, count } from './run.ts';

interface Options extends Request {
  readonly limitRate: number;
  readonly keepGoing?: boolean;
}

const HELP = `
The shipper ships the lines, so they get the labels of today, and the timestamps that they get when they are shipped
live: a line that is in Loki already is shown once. What Loki refuses is kept in the bucket, for loki-shipper replay.
A backfill that was ended, in whatever way, is continued by the same command.

Loki splits a stream that grows by more than 1.5 MB a second, and a line that comes twice is then shown twice. So raise
--limit-rate only if its limits_config.shard_streams.enabled is false, or if none of the lines is in Loki.

It needs logs:FilterLogEvents and logs:DescribeSubscriptionFilters on the log group, and
lambda:GetFunctionConfiguration and lambda:InvokeFunction on the shipper.

${exitCodes({
  ok: 'everything is stored, or it was a dry run',
  refused: 'some lines were refused, and are parked',
  failed: 'it could not be done; what was done until then is shown',
})}

Examples:
  loki-shipper backfill /aws/lambda/checkout --from 3d --to 1h --dry-run
  loki-shipper backfill /aws/lambda/checkout --from 2026-11-20 --to 2026-11-21T08:00`;

export function backfillCommand(program: Command, surroundings: Surroundings, end: (code: ExitCode) => void): void {
  const { signal, now } = surroundings;
  const unlessInterrupted = (error: unknown): ExitCode => {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  };
  const time = (text: string): Time => ({ text, ms: Date.parse(parseTime(text, now())) });
  const command = program
    .command('backfill')
    .description('Ships lines of the past of a log group, which CloudWatch still has.')
    .argument('<group>', 'name of the log group')
    .requiredOption('--from <time>', 'of this time or later: ISO 8601 in UTC, or so long ago, as in 2h or 3d', time)
    .addOption(new Option('--to <time>', 'before this time').argParser(time).default({ text: '0m', ms: now() }, 'now'))
    .option('--filter-pattern <pattern>', 'only what matches; by default, the pattern by which it is shipped live')
    .addOption(
      new Option('--limit-rate <bytes>', 'ship at most so many bytes of lines a second, as in 500K or 2M')
        .argParser(parseRate)
        .default(SAFE_BYTES_PER_SECOND, '500K'),
    )
    .option('--checkpoint <file>', 'file that keeps how far it is; by default, one in the folder of your state')
    .option('--keep-going', 'also when Loki refuses the lines because of their time: park them')
    .option('--dry-run', 'count only')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (group: string, options: Options, command: Command) => {
      const { from, to } = options;
      if (from.ms >= to.ms) command.error('error: --from must be before --to.');
      if (to.ms > now()) command.error('error: --to must not be in the future.');
      end(await run(group, options, surroundings).catch(unlessInterrupted));
    });
  withCommonOptions(command);
}

/** A shipper that fails is given some seconds: Lambda's own retries are there for what is live. */
const SEND_ATTEMPTS = 6;

async function run(logGroup: string, options: Options, surroundings: Surroundings): Promise<ExitCode> {
  const { limitRate, keepGoing = false, dryRun } = options;
  const { connect, signal, stderr } = surroundings;
  const { start, continues, file, warning, history, reading, shipper } = await prepare(logGroup, options, surroundings);
  if (continues) stderr.write(`${continuedText(start, file)}\n`);
  if (warning) stderr.write(`warning: ${warning}\n`);

  return show(start, options, surroundings, async (tell) => {
    const props = { history, reading, signal, tell };
    if (dryRun) return count(start, props);
    writeCheckpoint(file, start);
    const sending = {
      shipper: shipper.name,
      account: shipper.account,
      invoke: connect(placeOf(options)),
      pace: new Pace({ ...surroundings, leastMs: 0, attempts: SEND_ATTEMPTS }),
      rate: new Rate(limitRate, surroundings),
      signal,
    };
    const last = await backfill(start, { ...props, sending, file, keepGoing });
    removeCheckpoint(file);
    return last;
  });
}

function continuedText({ from, to, position, counts }: Checkpoint, file: string): string {
  return `Continues the backfill from ${timeText(from)} to ${timeText(to)}: ${counts.lines} lines are done, up to ${timeText(position)}. (To begin anew, remove ${file}.)`;
}

/** Shows how far some work is, and what came of it, however it ends. */
async function show(
  start: Checkpoint,
  { name, json, dryRun = false }: Options,
  { stdout, stderr, colours, signal, now }: Surroundings,
  work: (tell: (checkpoint: Checkpoint) => void) => Promise<Checkpoint>,
): Promise<ExitCode> {
  const progress = new ProgressLine(stderr);
  const beginning = { position: start.position, time: now() };
  let last = start;
  let interrupted = false;
  let error: string | null = null;
  const tell = (checkpoint: Checkpoint) => {
    last = checkpoint;
    progress.show(progressText(checkpoint, beginning, now()));
  };
  tell(start);
  try {
    last = await work(tell);
  } catch (thrown) {
    // A wait or a call that is given up rejects.
    interrupted = signal.aborted;
    if (!interrupted) {
      if (!(thrown instanceof LokiShipperError)) throw thrown;
      error = explain(thrown, partsOf(name).shipper);
    }
  } finally {
    progress.clear();
  }
  const ending: Ending = { dryRun, interrupted, error };
  stdout.write(json ? reportJson(last, ending) : reportText(last, ending, paintFor(stdout, colours)));
  if (error) stderr.write(`error: ${error}\n`);
  if (error) return EXIT.failed;
  if (interrupted) return EXIT.interrupted;
  return parkedInAll(last.counts) > 0 ? EXIT.refused : EXIT.ok;
}

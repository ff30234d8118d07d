import type { Command } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import { type CommonOptions, placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { explain } from '../explain.ts';
import { paintFor } from '../paint.ts';
import { parseRate } from '../parse-rate.ts';
import { parseTime } from '../parse-time.ts';
import { partsOf } from '../parts.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { replayPages } from './pages.ts';
import { progressText } from './progress.ts';
import { type Ending, reportJson, reportText } from './report.ts';
import { Tally } from './tally.ts';

interface Options extends CommonOptions {
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly limitRate?: number;
}

const HELP = `
What is stored is deleted from the bucket, and what Loki refuses again stays there. A replay that was ended is
continued by the same command.

${exitCodes({
  ok: 'everything is stored, or it was a dry run',
  refused: 'something is still refused, or could not be replayed',
  failed: 'it could not be done; what was done until then is shown',
})}

Examples:
  loki-shipper replay --dry-run
  loki-shipper replay --group '/aws/lambda/checkout-*' --from 3d --limit-rate 500K`;

export function replayCommand(program: Command, surroundings: Surroundings, end: (code: ExitCode) => void): void {
  const time = (text: string) => parseTime(text, surroundings.now());
  const command = program
    .command('replay')
    .description('Ships what Loki refused (parked lines) and what Lambda gave up on, from the bucket of the module.')
    .option('--group <pattern>', 'only of these log groups; * stands for any characters')
    .option('--from <time>', 'only lines of this time or later: ISO 8601 in UTC, or so long ago, as in 2h or 3d', time)
    .option('--to <time>', 'only lines before this time', time)
    .option('--reason <reason>', 'only what was refused for this reason; failed_delivery is what Lambda gave up on')
    .option('--limit-rate <bytes>', 'send at most this much a second, as in 500K or 2M', parseRate)
    .option('--dry-run', 'count only')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (options: Options, command: Command) => {
      const { from, to } = options;
      if (from && to && from >= to) command.error('error: --from must be before --to.');
      end(await replay(options, surroundings));
    });
  withCommonOptions(command);
}

async function replay(options: Options, surroundings: Surroundings): Promise<ExitCode> {
  const { name, group, from, to, reason, dryRun = false, json, limitRate } = options;
  const { connect, signal, stdout, stderr, colours } = surroundings;
  const { registrar } = partsOf(name);
  const tally = new Tally();
  const progress = new ProgressLine(stderr);
  const pages = replayPages({
    ...surroundings,
    registrar,
    invoke: connect(placeOf(options)),
    filter: { ...(group && { group }), ...(from && { from }), ...(to && { to }), ...(reason && { reason }) },
    dryRun,
    ...(limitRate && { bytesPerSecond: limitRate }),
  });

  let error: string | null = null;
  progress.show(progressText(tally));
  try {
    for await (const page of pages) {
      tally.add(page);
      progress.show(progressText(tally));
      const blocked = page.objects.find((object) => object.blocked);
      if (blocked) {
        error = `${blocked.error} What is left stays in the bucket: replay again when Loki takes lines.`;
        break;
      }
    }
  } catch (thrown) {
    // A wait or a call that is given up rejects.
    if (!signal.aborted) {
      if (!(thrown instanceof LokiShipperError)) throw thrown;
      error = explain(thrown, registrar);
    }
  } finally {
    progress.clear();
  }
  const ending: Ending = { dryRun, interrupted: signal.aborted && !tally.complete, error };
  if (json) stdout.write(reportJson(tally, ending));
  else if (tally.done > 0 || !error) stdout.write(reportText(tally, ending, paintFor(stdout, colours)));
  if (error) stderr.write(`error: ${error}\n`);
  return exitCodeOf(tally, ending);
}

function exitCodeOf({ failed, refused }: Tally, { interrupted, error }: Ending): ExitCode {
  if (error) return EXIT.failed;
  if (interrupted) return EXIT.interrupted;
  return failed.length > 0 || refused.size > 0 ? EXIT.refused : EXIT.ok;
}

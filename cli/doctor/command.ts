import type { Command } from 'commander';
import { LokiShipperError } from '../../function/errors.ts';
import { parseLogGroup } from '../attach/parse.ts';
import { type CommonOptions, placeOf, withCommonOptions } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { exitCodes } from '../exit-codes.ts';
import { explain } from '../explain.ts';
import { lokiReader } from '../loki-reader.ts';
import { paintFor } from '../paint.ts';
import { partsOf } from '../parts.ts';
import { ProgressLine } from '../progress-line.ts';
import type { Surroundings } from '../surroundings.ts';
import { widthOf } from '../table.ts';
import { examine } from './examine.ts';
import { type Finding, isBad } from './finding.ts';
import type { DoctorProps } from './props.ts';
import { findingText, summaryText } from './report.ts';

interface Options extends CommonOptions {
  readonly probeGroup?: string;
}

const HELP = `
It calls both functions, of which the shipper looks at Loki with its credentials (by an empty push, which stores
nothing), at the bucket, at tags and clocks. It changes nothing, but for the line that --probe-group asks for.

With LOKI_ADDR in the environment, and LOKI_USERNAME and LOKI_PASSWORD or LOKI_BEARER_TOKEN, and LOKI_ORG_ID, all as
for logcli, the line is looked for in Loki itself, and Loki's limits are compared with the module's. Without it, the
line counts as arrived when the shipper's log says that it stored lines of the group.

It needs lambda:InvokeFunction on both functions. What you may not look at is skipped: GetFunctionConfiguration,
GetFunctionConcurrency, GetPolicy and GetFunctionEventInvokeConfig of lambda, DescribeLogGroups, CreateLogStream,
PutLogEvents and FilterLogEvents of logs.

${exitCodes({
  ok: 'nothing is wrong with what could be looked at',
  refused: 'there are problems or warnings',
  failed: 'AWS cannot be called from here',
})}

Examples:
  loki-shipper doctor
  LOKI_ADDR=https://loki.example.com loki-shipper doctor --probe-group /ecs/orders`;

export function doctorCommand(program: Command, surroundings: Surroundings, end: (code: ExitCode) => void): void {
  const command = program
    .command('doctor')
    .description('Looks at everything that shipping needs, and says of what is wrong what to do about it.')
    .option('--probe-group <group>', 'write a line to this log group, and wait until it has arrived', parseLogGroup)
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .action(async (options: Options) => end(await doctor(options, surroundings)));
  withCommonOptions(command);
}

async function doctor(options: Options, surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr, colours, signal } = surroundings;
  const { name, json } = options;
  const paint = paintFor(stdout, colours);
  const progress = new ProgressLine(stderr);
  const findings: Finding[] = [];
  progress.show('Looking …');
  try {
    for await (const finding of examine(propsOf(options, surroundings))) {
      findings.push(finding);
      progress.clear();
      if (!json) stdout.write(findingText(finding, paint, widthOf(stdout)));
      progress.show('Looking …');
    }
  } catch (error) {
    progress.clear();
    if (!signal.aborted) {
      if (!(error instanceof LokiShipperError)) throw error;
      stderr.write(`error: ${explain(error, partsOf(name).registrar)}\n`);
      return EXIT.failed;
    }
  }
  progress.clear();
  const report = { name, findings, interrupted: signal.aborted };
  stdout.write(json ? `${JSON.stringify(report)}\n` : summaryText(report));
  if (signal.aborted) return EXIT.interrupted;
  return findings.some(isBad) ? EXIT.refused : EXIT.ok;
}

/** @throws LokiNotRead when LOKI_ADDR is no URL */
function propsOf(options: Options, surroundings: Surroundings): DoctorProps {
  const { connect, functions, logGroups, history, env } = surroundings;
  const place = placeOf(options);
  return {
    ...surroundings,
    parts: partsOf(options.name),
    invoke: connect(place),
    functions: functions(place),
    logGroups: logGroups(place),
    history: history(place),
    loki: lokiReader(env),
    ...(options.probeGroup !== undefined && { probeGroup: options.probeGroup }),
  };
}

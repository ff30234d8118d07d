import { LokiShipperError } from '../../function/errors.ts';
import { isObject } from '../../function/json.ts';
import { quote } from '../../function/labels/logql.ts';
import type { Status } from '../status/read.ts';
import { type Finding, ok, problem, skipped } from './finding.ts';
import type { DoctorProps } from './props.ts';

const LOG_STREAM = 'loki-shipper-doctor';

/** AWS: usually, a line is delivered within three minutes. */
const PATIENCE_MS = 180_000;
const POLL_MS = 3_000;

/** Writes a line to the probe's log group, and waits until it is in Loki, or until the shipper says so. */
export async function* probe(status: Status | undefined, props: DoctorProps): AsyncGenerator<Finding> {
  const { probeGroup: logGroup, signal } = props;
  if (logGroup === undefined) {
    yield skipped('probe', 'No line was sent all the way.', 'Name a log group for it: --probe-group.');
    return;
  }
  const unfit = whyUnfit(logGroup, status);
  if (unfit) {
    yield problem(
      'probe',
      unfit,
      `Choose a log group that is shipped as a whole, or attach it: loki-shipper attach ${logGroup}.`,
    );
    return;
  }
  try {
    yield await send(logGroup, props);
  } catch (error) {
    if (signal.aborted || !(error instanceof LokiShipperError)) throw error;
    yield problem('probe', error.message, 'Where a permission is missing, have it granted to you; or try it again.');
  }
}

function whyUnfit(logGroup: string, status: Status | undefined): string | undefined {
  const group = status?.groups.find((each) => each.logGroup === logGroup);
  if (status && !group?.subscribedBy) return `Log group ${logGroup} is not shipped.`;
  return group?.filterPattern ? `Of log group ${logGroup}, only lines that match a pattern are shipped.` : undefined;
}

async function send(logGroup: string, props: DoctorProps): Promise<Finding> {
  const { logGroups, loki, now, wait, signal } = props;
  const written = now();
  const id = crypto.randomUUID();
  await logGroups.write(
    { logGroup, logStream: LOG_STREAM, time: written, message: `loki-shipper doctor: probe ${id}` },
    signal,
  );
  const isThere = loki
    ? () => loki.hasLines(`{log_group=${quote(logGroup)}} |= ${quote(id)}`, written - POLL_MS, signal)
    : () => wasStored(logGroup, written, props);
  while (!(await isThere())) {
    if (now() - written >= PATIENCE_MS) return notThere(logGroup, loki?.host);
    await wait(POLL_MS, signal);
  }
  const after = `${Math.round((now() - written) / 1000)} s`;
  return loki
    ? ok('probe', `A line that was written to ${logGroup} was in Loki after ${after}.`)
    : ok(
        'probe',
        `The shipper stored lines of ${logGroup} within ${after} after one was written. (With LOKI_ADDR, it is looked for in Loki itself.)`,
      );
}

function notThere(logGroup: string, host: string | undefined): Finding {
  const where = host === undefined ? 'the shipper did not store lines of it' : `it was not in Loki at ${host}`;
  return problem(
    'probe',
    `A line was written to ${logGroup}, and ${where} within ${PATIENCE_MS / 60_000} minutes.`,
    'See the other findings, and the log of the shipper. A first line after a long time may take longer: try it once more.',
  );
}

/** Whether the shipper's records, which are in its log, say that it stored lines of a log group since then. */
async function wasStored(
  logGroup: string,
  since: number,
  { history, parts, now, signal }: DoctorProps,
): Promise<boolean> {
  let token: string | undefined;
  do {
    const range = { logGroup: parts.shipperLog, from: since, to: now() + POLL_MS, filterPattern: 'EntriesStored' };
    const page = await history.page({ ...range, ...(token && { token }) }, signal);
    if (page.events.some(({ message }) => isRecordOf(message, logGroup))) return true;
    token = page.next;
  } while (token);
  return false;
}

function isRecordOf(message: string, logGroup: string): boolean {
  try {
    const record: unknown = JSON.parse(message);
    return isObject(record) && record.logGroup === logGroup && Number(record.EntriesStored) > 0;
  } catch {
    return false;
  }
}

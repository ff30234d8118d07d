import { gzipSync } from 'node:zlib';
import type { LogEvent, Origin } from '../../function/delivery/decode.ts';
import type { HistoryEvent } from '../aws/log-history.ts';

/** What is shipped by one invocation. */
export interface Delivery {
  /** What CloudWatch would send. */
  readonly payload: { readonly awslogs: { readonly data: string } };
  readonly lines: number;
  /** Of the JSON of the lines. */
  readonly bytes: number;
}

/**
 * Of JSON. CloudWatch sends up to 1 MB, but Loki reckons the size of a push to the rate of its stream (see
 * SAFE_BYTES_PER_SECOND).
 */
const MAX_BYTES = 250 * 1024;

/**
 * Makes deliveries of the lines of a log group, as CloudWatch makes them: each of one log stream.
 * @returns for each log stream its deliveries in order
 */
export function deliveriesOf(
  origin: Omit<Origin, 'logStream'>,
  events: readonly HistoryEvent[],
): readonly (readonly Delivery[])[] {
  const byStream = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const known = byStream.get(event.logStream);
    if (known) known.push(event);
    else byStream.set(event.logStream, [event]);
  }
  return Array.from(byStream, ([logStream, events]) =>
    cut(events).map(({ lines, bytes }) => ({
      payload: payloadOf({ ...origin, logStream }, lines),
      lines: lines.length,
      bytes,
    })),
  );
}

/**
 * Cuts between two milliseconds. Below the millisecond, the time of a line in Loki may depend on the lines before it in
 * the same delivery: so a cut inside of one is only made where that has too many lines for any delivery, and then at
 * places that depend on that millisecond alone. Wherever a backfill begins, its lines have the same times.
 *
 * @returns the lines of each delivery
 */
function cut(events: readonly LogEvent[]): readonly Lines[] {
  const deliveries: Lines[] = [];
  let last = newLines();
  const begin = () => {
    if (last.lines.length > 0) deliveries.push(last);
    last = newLines();
  };
  const put = ({ lines, bytes }: Lines) => {
    if (last.bytes + bytes > MAX_BYTES) begin();
    last.lines.push(...lines);
    last.bytes += bytes;
  };

  for (const run of runsOf(events)) {
    if (run.bytes <= MAX_BYTES) {
      put(run);
      continue;
    }
    begin();
    for (const line of run.lines) put({ lines: [line], bytes: sizeOf(line) });
    begin();
  }
  begin();
  return deliveries;
}

/** Some events, each as JSON. */
interface Lines {
  readonly lines: string[];
  bytes: number;
}

function newLines(): Lines {
  return { lines: [], bytes: 0 };
}

/** The events of each millisecond. */
function runsOf(events: readonly LogEvent[]): readonly Lines[] {
  const runs: Lines[] = [];
  let run = newLines();
  let ms = Number.NaN;
  for (const { id, timestamp, message } of events) {
    if (timestamp !== ms) {
      run = newLines();
      runs.push(run);
    }
    ms = timestamp;
    const line = JSON.stringify({ id, timestamp, message });
    run.lines.push(line);
    run.bytes += sizeOf(line);
  }
  return runs;
}

function sizeOf(line: string): number {
  return Buffer.byteLength(line) + 1;
}

function payloadOf(origin: Origin, lines: readonly string[]): Delivery['payload'] {
  const head = JSON.stringify({ messageType: 'DATA_MESSAGE', ...origin, subscriptionFilters: [] });
  const json = `${head.slice(0, -1)},"logEvents":[${lines.join(',')}]}`;
  return { awslogs: { data: gzipSync(json).toString('base64') } };
}

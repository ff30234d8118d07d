import type { Objects } from '../aws/objects.ts';
import type { Ledger } from '../ledger.ts';
import { VERSION } from '../version.ts';
import type { Origin } from './decode.ts';
import type { Park } from './deliver.ts';
import type { Refused } from './isolate.ts';
import type { ParkedLine } from './parked.ts';
import { EntryTime } from './timestamps.ts';

/** Parks lines in the bucket: an object for what was refused of a push. */
export function parkIn(objects: Objects): (origin: Origin, ledger: Ledger) => Park {
  return (origin, ledger) => async (refused, of, by) => {
    const { owner: account, logGroup, logStream } = origin;
    const [first] = of;
    const last = of.at(-1);
    if (!first || !last) return;
    const { parkedKey } = await import('./parked.ts'); // Most invocations park nothing.
    const key = parkedKey(
      { account, logGroup, logStream, by, first: first.id, last: last.id, count: of.length },
      first.timestamp,
    );
    await putParked(
      objects,
      key,
      refused.flatMap((some) => linesOf(origin, some)),
    );
    for (const { reason, entries } of refused) ledger.park(reason, entries.events.length);
  };
}

/** Writes a parked object, in place of what was there. */
export async function putParked(objects: Objects, key: string, lines: readonly ParkedLine[]): Promise<void> {
  const { encodeParked } = await import('./parked.ts');
  await objects.put(key, encodeParked(lines, VERSION), {
    contentType: 'application/x-ndjson',
    contentEncoding: 'gzip',
  });
}

/** What is kept of entries: all that it takes to store them later as they would have been now. */
export function linesOf(
  { owner: account, logGroup, logStream }: Origin,
  { entries: { events, offsets }, reason, said }: Refused,
): ParkedLine[] {
  const time = new EntryTime();
  return events.map(({ id: eventId, timestamp, message: line }, i) => {
    const { seconds, nanos } = time.set(timestamp, offsets[i] ?? 0);
    return { account, logGroup, logStream, eventId, seconds, nanos, line, reason, said };
  });
}

import type { HistoryPage, LogHistory } from '../aws/log-history.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import { type Counts, NOTHING, plus } from './counts.ts';
import type { Pace } from './pace.ts';
import { RefusedByTime, reasonOfTime } from './refusals.ts';
import { bytesOf, type SendProps, send } from './send.ts';
import { Slices } from './slices.ts';

export interface ReadProps {
  readonly history: LogHistory;
  readonly reading: Pace;
  readonly signal: AbortSignal;
  /** Hears how far it is, each time that it is farther. */
  readonly tell: (checkpoint: Checkpoint) => void;
}

export interface BackfillProps extends ReadProps {
  readonly sending: Omit<SendProps, 'logGroup'>;
  /** The file of the checkpoint. */
  readonly file: string;
  /** Whether it goes on when Loki refuses lines because of their time. */
  readonly keepGoing: boolean;
}

/**
 * Ships the lines from a checkpoint on, oldest first, and writes each next one.
 * @returns the last one
 * @throws CallFailed, RefusedByTime, CheckpointFailed, and what sending throws; what was written stays
 */
export async function backfill(start: Checkpoint, props: BackfillProps): Promise<Checkpoint> {
  const { sending, file, keepGoing, tell } = props;
  const { logGroup } = start.asked;
  const slices = new Slices();
  let complete = start.position;
  let done = start;
  for await (const { events, next } of pagesFrom(start, props)) {
    slices.add(events);
    // There may be more lines of the last one's millisecond.
    complete = next === undefined ? Number.POSITIVE_INFINITY : (events.at(-1)?.timestamp ?? complete);
    for (const slice of slices.take(complete)) {
      const counts = await send(slice.events, { ...sending, logGroup });
      done = { ...done, position: Math.min(slice.end, start.to), counts: plus(done.counts, counts) };
      if (!slices.late) writeCheckpoint(file, done);
      tell(done);
      if (!keepGoing) stopAtRefused(counts, done.position);
    }
  }
  return { ...done, position: start.to };
}

/** Counts the lines from a checkpoint on. */
export async function count(start: Checkpoint, props: ReadProps): Promise<Checkpoint> {
  let done = start;
  for await (const { events } of pagesFrom(start, props)) {
    const counts: Counts = { ...NOTHING, lines: events.length, bytes: bytesOf(events) };
    done = { ...done, position: events.at(-1)?.timestamp ?? done.position, counts: plus(done.counts, counts) };
    props.tell(done);
  }
  return { ...done, position: start.to };
}

async function* pagesFrom(start: Checkpoint, { history, reading, signal }: ReadProps): AsyncGenerator<HistoryPage> {
  const { asked, position: from, to, filterPattern } = start;
  const query = { logGroup: asked.logGroup, from, to, filterPattern };
  let token: string | undefined;
  do {
    const page = await reading.call(() => history.page({ ...query, ...(token && { token }) }, signal));
    yield page;
    token = page.next;
  } while (token !== undefined);
}

function stopAtRefused({ stored, lines, parked }: Counts, position: number): void {
  const reason = reasonOfTime(parked);
  if (reason && stored === 0) throw new RefusedByTime(reason, lines, position);
}

import { boundary } from '../text.ts';
import type { LogEvent } from './decode.ts';
import type { Metadata } from './entries.ts';

/** What Loki would refuse, and what is done about it instead. The limits are those of Loki's `limits_config`. */
export interface LineRules {
  /** The most bytes of a line in UTF-8 (`max_line_size`). */
  readonly maxBytes: number;
  readonly tooLong: 'split' | 'cut';
  /** How old a line may be (`reject_old_samples_max_age`), in milliseconds; Infinity for no limit. */
  readonly maxAgeMs: number;
  /** How far ahead of now a line may be (`creation_grace_period`), in milliseconds; Infinity for no limit. */
  readonly maxAheadMs: number;
  readonly outOfRange: 'park' | 'clamp';
}

/** What became of the events of a batch. */
export interface Admitted {
  /** To be sent, in order. */
  readonly events: readonly LogEvent[];
  /** Structured metadata of single events: the time that a clamped one had. */
  readonly own: ReadonlyMap<LogEvent, Metadata>;
  readonly tooOld: readonly LogEvent[];
  readonly tooNew: readonly LogEvent[];
  /** Lines that were split, and how many more they became. */
  readonly split: number;
  readonly partsAdded: number;
  readonly cut: number;
  readonly clamped: number;
}

/** Structured metadata of a line whose time was clamped: the time that it had. */
export const ORIGINAL_TIME = 'original_time';

/**
 * A clamped time is a multiple of this: a delivery that is repeated a minute later should get the same times, or Loki
 * would show its lines twice.
 */
const CLAMP_STEP_MS = 10 * 60_000;
/** Loki's clock may differ from ours, and a push takes its time. */
const CLAMP_MARGIN_MS = 60_000;

/** Room for the longest marker. */
const MARKER_BYTES = 48;
/** A character of UTF-16 has at most this many bytes in UTF-8. */
const MOST_BYTES = 3;

/** Applies the rules to a batch; one without anything to do costs two comparisons a line. */
export function admit(events: readonly LogEvent[], rules: LineRules, now: number): Admitted {
  const oldest = now - rules.maxAgeMs;
  const newest = now + rules.maxAheadMs;
  if (areFine(events, oldest, newest, rules.maxBytes)) return { ...NOTHING, events };

  const sent: LogEvent[] = [];
  const own = new Map<LogEvent, Metadata>();
  const tooOld: LogEvent[] = [];
  const tooNew: LogEvent[] = [];
  const counts = { split: 0, partsAdded: 0, cut: 0, clamped: 0 };
  for (const event of events) {
    const isOld = event.timestamp < oldest;
    const isNew = event.timestamp > newest;
    if ((isOld || isNew) && rules.outOfRange === 'park') {
      (isOld ? tooOld : tooNew).push(event);
      continue;
    }
    const timestamp = isOld ? earliest(oldest) : isNew ? latest(newest) : event.timestamp;
    const lines = isTooLong(event.message, rules.maxBytes) ? shorten(event.message, rules) : [event.message];
    for (const message of lines) {
      const line = { id: event.id, timestamp, message };
      sent.push(line);
      if (isOld || isNew) own.set(line, [[ORIGINAL_TIME, new Date(event.timestamp).toISOString()]]);
    }
    if (isOld || isNew) counts.clamped++;
    if (lines.length > 1) counts.split++;
    else if (lines[0] !== event.message) counts.cut++;
    counts.partsAdded += lines.length - 1;
  }
  return { events: sent, own, tooOld, tooNew, ...counts };
}

function areFine(events: readonly LogEvent[], oldest: number, newest: number, maxBytes: number): boolean {
  for (const { timestamp, message } of events)
    if (timestamp < oldest || timestamp > newest || isTooLong(message, maxBytes)) return false;
  return true;
}

const NOTHING: Omit<Admitted, 'events'> = {
  own: new Map(),
  tooOld: [],
  tooNew: [],
  split: 0,
  partsAdded: 0,
  cut: 0,
  clamped: 0,
};

function earliest(oldest: number): number {
  return Math.ceil((oldest + CLAMP_MARGIN_MS) / CLAMP_STEP_MS) * CLAMP_STEP_MS;
}

function latest(newest: number): number {
  return Math.floor((newest - CLAMP_MARGIN_MS) / CLAMP_STEP_MS) * CLAMP_STEP_MS;
}

function isTooLong(line: string, maxBytes: number): boolean {
  return line.length * MOST_BYTES > maxBytes && (line.length > maxBytes || Buffer.byteLength(line) > maxBytes);
}

/** Each part fits with its marker, which is at the end so that the beginning of the line keeps its shape. */
function shorten(line: string, { maxBytes, tooLong }: LineRules): string[] {
  const bytes = Buffer.from(line);
  const most = maxBytes - MARKER_BYTES;
  if (tooLong === 'cut')
    return [`${bytes.toString('utf8', 0, boundary(bytes, most))} [loki-shipper: cut from ${bytes.length} bytes]`];
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = boundary(bytes, start + most);
    parts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return parts.map((part, i) => `${part} [loki-shipper: part ${i + 1} of ${parts.length}]`);
}

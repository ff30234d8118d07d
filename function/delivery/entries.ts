import type { LogEvent } from './decode.ts';

/** Structured metadata, in order. */
export type Metadata = readonly (readonly [name: string, value: string])[];

/** Lines of one log stream with their times in Loki: arrays of equal length, so that an entry costs no object of its own. */
export interface Entries {
  readonly events: readonly LogEvent[];
  /** Nanoseconds from the event's millisecond to its time in Loki. */
  readonly offsets: Int32Array;
  /** Structured metadata that single entries have besides that of all. */
  readonly own: ReadonlyMap<LogEvent, Metadata>;
}

/** The entries from one index to before another. */
export function range({ events, offsets, own }: Entries, from: number, to: number): Entries {
  return { events: events.slice(from, to), offsets: offsets.subarray(from, to), own };
}

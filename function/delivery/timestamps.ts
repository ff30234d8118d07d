import type { LogEvent } from './decode.ts';

/**
 * Gives each event of a delivery its time in Loki: the millisecond of the event and a part below it, which Loki needs
 * to keep lines of one millisecond apart and in order. It depends on the delivery alone, so that one delivered twice
 * has equal times and Loki stores its lines once.
 *
 * The part below the millisecond, in nanoseconds, comes from the last six digits of the event's id; inside a run of
 * equal milliseconds it is at least one more than that of the event before.
 *
 * One object serves a whole delivery, whose events may come in several batches.
 */
export class Timestamps {
  #ms = Number.NEGATIVE_INFINITY;
  #sub = 0;

  /** @returns for each of the next events, nanoseconds from its millisecond to its time in Loki */
  offsets(events: readonly LogEvent[]): Int32Array {
    const offsets = new Int32Array(events.length);
    let ms = this.#ms;
    let sub = this.#sub;
    for (let i = 0; i < events.length; i++) {
      const { id, timestamp } = events[i] as LogEvent;
      const last = sub - (timestamp - ms) * 1e6; // in nanoseconds from this event's millisecond
      const own = fromId(id);
      // A run of more than 10,000 events in one millisecond may reach into the next one.
      sub = timestamp >= ms && last >= own ? last + 1 : own;
      ms = timestamp;
      offsets[i] = sub;
    }
    this.#ms = ms;
    this.#sub = sub;
    return offsets;
  }
}

/**
 * A time in Loki, as the two numbers of google.protobuf.Timestamp. One object serves many entries, so that an entry
 * costs no allocation.
 */
export class EntryTime {
  /** Whole seconds since 1970. */
  seconds = 0;
  /** Nanoseconds in that second. */
  nanos = 0;
  /** The millisecond at which the last entry's second begins. Most entries share it, and a remainder is slow to take. */
  #second = 0;

  /** @param timestamp milliseconds since 1970; @param offset nanoseconds from there */
  set(timestamp: number, offset: number): this {
    let ms = timestamp - this.#second;
    if (ms < 0 || ms >= 1000) {
      ms = timestamp % 1000;
      this.#second = timestamp - ms;
    }
    const nanos = ms * 1e6 + offset;
    const carry = nanos >= 1e9 ? Math.floor(nanos / 1e9) : 0;
    this.seconds = this.#second / 1000 + carry;
    this.nanos = nanos - carry * 1e9;
    return this;
  }
}

/** 0 to 989,999 from the last six characters: room for 10,000 events before the millisecond is full. */
function fromId(id: string): number {
  let n = 0;
  for (let i = Math.max(0, id.length - 6); i < id.length; i++) n = n * 10 + (id.charCodeAt(i) & 15);
  return n % 990_000;
}

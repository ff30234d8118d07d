import type { LogEvent } from './decode.ts';

/**
 * Gives each event of a delivery its time in Loki: the millisecond of the event and a part below it, which Loki needs
 * to keep lines of one millisecond apart and in order. It depends on the delivery alone, so that one delivered twice
 * has equal times and Loki stores its lines once.
 *
 * The part below the millisecond, in nanoseconds, comes from the last six digits of the event's id; inside a run of
 * equal milliseconds it is at least one more than that of the event before.
 *
 * One object serves a whole delivery and holds the time of the last event seen, so that an event costs no allocation.
 */
export class Timestamps {
  /** Of the last event: whole seconds since 1970. */
  seconds = 0;
  /** Of the last event: nanoseconds in that second. */
  nanos = 0;
  #ms = Number.NEGATIVE_INFINITY;
  #sub = 0;
  /** The millisecond at which the last event's second begins. Most events share it, and a remainder is slow to take. */
  #second = 0;

  /** Moves on to an event; events come in the order of the delivery. */
  next({ id, timestamp }: LogEvent): void {
    const last = this.#sub - (timestamp - this.#ms) * 1e6; // in nanoseconds from this event's millisecond
    const own = fromId(id);
    // A run of more than 10,000 events in one millisecond may reach into the next one.
    this.#sub = timestamp >= this.#ms && last >= own ? last + 1 : own;
    this.#ms = timestamp;

    let ms = timestamp - this.#second;
    if (ms < 0 || ms >= 1000) {
      ms = timestamp % 1000;
      this.#second = timestamp - ms;
    }
    const nanos = ms * 1e6 + this.#sub;
    const carry = nanos >= 1e9 ? 1 : 0;
    this.seconds = this.#second / 1000 + carry;
    this.nanos = nanos - carry * 1e9;
  }
}

/** 0 to 989,999 from the last six characters: room for 10,000 events before the millisecond is full. */
function fromId(id: string): number {
  let n = 0;
  for (let i = Math.max(0, id.length - 6); i < id.length; i++) n = n * 10 + (id.charCodeAt(i) & 15);
  return n % 990_000;
}

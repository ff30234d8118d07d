import type { HistoryEvent } from '../aws/log-history.ts';

/** Lines that are shipped at a time: all of a log group between two times. */
export interface Slice {
  readonly events: readonly HistoryEvent[];
  /** Milliseconds since 1970: the lines are older. */
  readonly end: number;
}

/**
 * Log streams of a group are one stream in Loki, which refuses what is more than an hour behind the newest line. They
 * are shipped one after the other, so what is shipped at a time spans less than that.
 */
const SPAN_MS = 30 * 60_000;

/** Characters of lines at which a slice ends, though it spans less: it is in memory, and after a kill it is repeated. */
const ENOUGH = 8 * 1024 * 1024;

/** Gathers the pages of a log group, and gives them in slices. No slice ends inside of a millisecond. */
export class Slices {
  #events: HistoryEvent[] = [];
  #length = 0;
  #end = Number.NEGATIVE_INFINITY;
  #late = false;

  add(events: readonly HistoryEvent[]): void {
    for (const event of events) {
      if (event.timestamp < this.#end) this.#late = true;
      this.#length += event.message.length;
      this.#events.push(event);
    }
  }

  /**
   * Whether a line came after the slice that it belongs to, which AWS says it does not. It is in the next slice then, but
   * nobody knows any more up to which time all is shipped.
   */
  get late(): boolean {
    return this.#late;
  }

  /** @param complete milliseconds since 1970: all lines before it were added */
  *take(complete: number): Generator<Slice> {
    this.#events.sort((a, b) => a.timestamp - b.timestamp); // It keeps the order of those of one millisecond.
    for (;;) {
      const [first] = this.#events;
      if (!first) return;
      const end = Math.min(first.timestamp + SPAN_MS, complete);
      const isFull = end < complete || this.#length >= ENOUGH || complete === Number.POSITIVE_INFINITY;
      const count = this.#events.findIndex(({ timestamp }) => timestamp >= end);
      const events = count < 0 ? this.#events : this.#events.slice(0, count);
      if (!isFull || events.length === 0) return;
      this.#events = count < 0 ? [] : this.#events.slice(count);
      for (const { message } of events) this.#length -= message.length;
      this.#end = end;
      yield { events, end };
    }
  }
}

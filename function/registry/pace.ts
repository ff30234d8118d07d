/** Time, as a test may have its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface PaceProps {
  /** Calls a second at the start. */
  readonly start: number;
  /** Calls a second at the most. */
  readonly most: number;
  readonly clock: Clock;
}

/** Calls a second that are left however often AWS refuses. */
const LEAST = 0.25;
/** Calls a second more after each call that AWS took: from 2 to 4 in about half a minute. */
const RISE = 0.02;

/**
 * Spreads calls of one kind over time. AWS counts those of the whole account and tells nobody how many are left, so it
 * tries slowly for more, and goes back to half when AWS refuses one.
 */
export class Pace {
  readonly #most: number;
  readonly #clock: Clock;
  #rate: number;
  /** When the next call may start, in milliseconds since 1970. */
  #next = 0;
  /** The turn of the call before. */
  #before: Promise<unknown> = Promise.resolve();

  constructor({ start, most, clock }: PaceProps) {
    this.#most = most;
    this.#rate = start;
    this.#clock = clock;
  }

  /** Waits for the turn of a call, in the order in which they come. @returns false when it would come after `deadline` */
  turn(deadline: number): Promise<boolean> {
    const turn = this.#before.then(() => this.#wait(deadline));
    this.#before = turn;
    return turn;
  }

  async #wait(deadline: number): Promise<boolean> {
    const { now, delay } = this.#clock;
    // Meanwhile another call may be refused, and all wait longer.
    while (this.#next > now()) {
      if (this.#next > deadline) return false;
      await delay(this.#next - now());
    }
    if (now() > deadline) return false;
    this.#next = now() + 1000 / this.#rate;
    return true;
  }

  /** A call was taken. */
  taken(): void {
    this.#rate = Math.min(this.#most, this.#rate + RISE);
  }

  /** A call was refused because there were too many: all others wait too, for a random time. */
  refused(): void {
    this.#rate = Math.max(LEAST, this.#rate / 2);
    const { now, random } = this.#clock;
    this.#next = Math.max(this.#next, now()) + (random() * 1000) / this.#rate;
  }
}

const FIRST_MS = 30_000;
const LONGEST_MS = 300_000;

/** A time up to a fifth longer or shorter, so that containers that started together do not come back together. */
export function spread(ms: number, random: () => number): number {
  return ms * (0.8 + 0.4 * random());
}

/**
 * How long to leave alone what has just failed: about half a minute, and each time that it fails again twice as long, up
 * to five minutes. Lambda repeats a failed invocation after one and after two minutes: both come after the pause.
 */
export class Pause {
  readonly #random: () => number;
  #failures = 0;

  /** @param random from 0 to below 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** It failed. @returns milliseconds */
  next(): number {
    return spread(Math.min(FIRST_MS * 2 ** this.#failures++, LONGEST_MS), this.#random);
  }

  /** It succeeded. */
  end(): void {
    this.#failures = 0;
  }
}

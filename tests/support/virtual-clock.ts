import type { Clock } from '../../function/registry/pace.ts';

/**
 * A clock that goes on only while all who use it wait: then it jumps to the first who is due. What waits for something
 * else, files or the network, does so in `during`.
 */
export class VirtualClock implements Clock {
  #now: number;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];
  #runs = false;
  #held = 0;
  readonly random: () => number;

  /** @param start milliseconds since 1970 */
  constructor(start: number, random: () => number) {
    this.#now = start;
    this.random = random;
  }

  readonly now = (): number => this.#now;

  readonly delay = (ms: number): Promise<void> => {
    const woken = new Promise<void>((wake) => this.#insert(this.#now + Math.max(0, ms), wake));
    this.#run();
    return woken;
  };

  /** Lets time stand still until some work is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work();
    } finally {
      this.#held--;
      this.#run();
    }
  }

  #insert(at: number, wake: () => void): void {
    const later = this.#waiting.findLastIndex((other) => other.at <= at);
    this.#waiting.splice(later + 1, 0, { at, wake });
  }

  #run(): void {
    if (this.#runs) return;
    this.#runs = true;
    setImmediate(() => this.#jump());
  }

  /** By now, all that was awake waits. */
  #jump(): void {
    this.#runs = false;
    const next = this.#held > 0 ? undefined : this.#waiting.shift();
    if (!next) return;
    this.#now = next.at;
    next.wake();
    this.#run();
  }
}

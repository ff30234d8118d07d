import type { Clock } from '../../function/registry/pace.ts';

/**
 * A clock that goes on only while all who use it wait: then it jumps to the first who is due. It is for work that waits
 * for nothing else, neither files nor the network.
 */
export class VirtualClock implements Clock {
  #now: number;
  #waiting: { readonly at: number; readonly wake: () => void }[] = [];
  #runs = false;
  readonly random: () => number;

  /** @param start milliseconds since 1970 */
  constructor(start: number, random: () => number) {
    this.#now = start;
    this.random = random;
  }

  readonly now = (): number => this.#now;

  readonly delay = (ms: number): Promise<void> => {
    const woken = new Promise<void>((wake) => this.#insert(this.#now + Math.max(0, ms), wake));
    if (!this.#runs) {
      this.#runs = true;
      setImmediate(() => this.#jump());
    }
    return woken;
  };

  #insert(at: number, wake: () => void): void {
    const later = this.#waiting.findLastIndex((other) => other.at <= at);
    this.#waiting.splice(later + 1, 0, { at, wake });
  }

  /** By now, all that was awake waits. */
  #jump(): void {
    const next = this.#waiting.shift();
    this.#runs = next !== undefined;
    if (!next) return;
    this.#now = next.at;
    next.wake();
    setImmediate(() => this.#jump());
  }
}

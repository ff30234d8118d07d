import type { Surroundings } from '../surroundings.ts';

/** Keeps to so many bytes a second. */
export class Rate {
  readonly #bytesPerSecond: number;
  readonly #surroundings: Pick<Surroundings, 'now' | 'wait' | 'signal'>;
  /** Milliseconds since 1970 at which all that was spent is paid. */
  #paid = 0;

  constructor(bytesPerSecond: number, surroundings: Pick<Surroundings, 'now' | 'wait' | 'signal'>) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#surroundings = surroundings;
  }

  /** Waits until these bytes may be sent. */
  async spend(bytes: number): Promise<void> {
    const { now, wait, signal } = this.#surroundings;
    const start = Math.max(now(), this.#paid);
    this.#paid = start + (bytes / this.#bytesPerSecond) * 1000;
    if (start > now()) await wait(start - now(), signal);
  }
}

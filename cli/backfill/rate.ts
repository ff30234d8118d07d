import type { Surroundings } from '../surroundings.ts';

/**
 * Loki hands the lines of a stream out to several ones where it grows faster than 1.5 MB a second (by its default,
 * `shard_streams.desired_rate`), a push included. A line that is sent twice may then be in two of them, and be shown
 * twice. This leaves room for structured metadata, and for what is shipped live.
 * https://github.com/grafana/loki/blob/v3.7.6/pkg/distributor/distributor.go#L1396
 */
export const SAFE_BYTES_PER_SECOND = 500 * 1024;

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

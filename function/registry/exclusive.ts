import { StorageFailed } from '../aws/objects.ts';
import type { Account } from './account.ts';
import { releaseLease, takeLease } from './lease.ts';

export interface ExclusiveProps {
  readonly account: Pick<Account, 'objects' | 'clock'>;
  /** Of this invocation. */
  readonly requestId: string;
  /** When this invocation ends in any case, in milliseconds since 1970. */
  readonly end: number;
  /** How long another run is waited for. */
  readonly patienceMs: number;
}

/** Clocks of two hosts may differ by that. */
const SKEW_MS = 60_000;
const POLL_MS = 1_000;

/**
 * Works alone.
 * @returns undefined when another run did not end in time
 * @throws StorageFailed, and what the work throws
 */
export async function exclusively<T>(props: ExclusiveProps, work: () => Promise<T>): Promise<T | undefined> {
  if (!(await taken(props))) return undefined;
  try {
    return await work();
  } finally {
    await release(props);
  }
}

async function taken({ account: { objects, clock }, requestId, end, patienceMs }: ExclusiveProps): Promise<boolean> {
  const lease = { objects, holder: requestId, until: end + SKEW_MS };
  for (const until = clock.now() + patienceMs; ; ) {
    const now = clock.now();
    if (await takeLease({ ...lease, now })) return true;
    if (now >= until) return false;
    await clock.delay(POLL_MS * (1 + clock.random()));
  }
}

/** One that stays blocks the next runs for a while, and is no reason to lose what this one did. */
async function release({ account: { objects } }: ExclusiveProps): Promise<void> {
  try {
    await releaseLease(objects);
  } catch (error) {
    if (!(error instanceof StorageFailed)) throw error;
  }
}

import type { Objects } from '../aws/objects.ts';
import { isObject, parseJson } from '../json.ts';

/** Where it says who works. */
export const LEASE_KEY = 'registry/lock.json';

export interface LeaseProps {
  readonly objects: Pick<Objects, 'putIf' | 'getVersion'>;
  /** Of this invocation, and of no other. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When this invocation is certainly over, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * Makes this invocation the only one that runs, if no other is. S3 decides it, by writing on condition. A run that was
 * killed blocks others until it would have been over in any case.
 *
 * @returns false when another one runs
 * @throws StorageFailed
 */
export async function takeLease({ objects, holder, now, until }: LeaseProps): Promise<boolean> {
  const body = Buffer.from(JSON.stringify({ version: 1, holder, until: new Date(until).toISOString() }));
  const take = (expected: string | null) =>
    objects.putIf(expected, LEASE_KEY, body, { contentType: 'application/json' });
  if (await take(null)) return true;
  const found = await objects.getVersion(LEASE_KEY);
  if (!found) return false; // Just released: whoever was there has done the work.
  const lease = read(found.body);
  // An answer that got lost and a second attempt: it is ours.
  if (lease.holder === holder) return true;
  return lease.until <= now && (await take(found.etag));
}

/** Only for who holds it: it lasts longer than an invocation can, so it is still theirs. */
export async function releaseLease(objects: Pick<Objects, 'remove'>): Promise<void> {
  await objects.remove(LEASE_KEY);
}

/** What is no lease is over. */
function read(body: Buffer): { readonly holder: unknown; readonly until: number } {
  const value = parseJson(body.toString());
  if (!isObject(value)) return { holder: undefined, until: 0 };
  return { holder: value.holder, until: Date.parse(String(value.until)) || 0 };
}

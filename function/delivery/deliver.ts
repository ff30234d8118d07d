import type { LogEvent } from './decode.ts';
import { encodePushes, type Push, type Stream } from './encode.ts';
import type { Entries } from './entries.ts';
import { type IsolateProps, isolate, type Refused } from './isolate.ts';
import type { Pool } from './pool.ts';

export interface DeliverProps extends IsolateProps {
  readonly park: Park;
}

/**
 * Keeps entries that are refused, and counts them.
 * @param of the events that they were among, and @param by who refused them: both name the object that keeps them, the
 *   same when a delivery is repeated
 */
export type Park = (refused: readonly Refused[], of: readonly LogEvent[], by: 'rules' | 'loki') => Promise<void>;

/** Sends entries of one stream to Loki, as tasks of the pool, and parks those that it refuses. */
export async function deliver(stream: Stream, entries: Entries, pool: Pool, props: DeliverProps): Promise<void> {
  for (const push of encodePushes(stream, entries)) {
    await pool.start(() => deliverPush(stream, push, props));
    if (pool.failed) return;
  }
}

async function deliverPush(stream: Stream, { entries, body }: Push, props: DeliverProps): Promise<void> {
  const { push, park, deadline, ledger } = props;
  const count = entries.events.length;
  const refusal = await push(body, { count, deadline, ledger });
  if (!refusal) {
    ledger.stored += count;
    return;
  }
  const refused = await isolate(stream, entries, refusal, props);
  if (refused.length > 0) await park(refused, entries.events, 'loki');
}

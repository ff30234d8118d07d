import type { Invoke } from '../../function/aws/invoke.ts';
import { Pool } from '../../function/delivery/pool.ts';
import { UnknownAnswer } from '../../function/registry/replay.ts';
import type { HistoryEvent } from '../aws/log-history.ts';
import { type Counts, isResult, NOTHING, plus } from './counts.ts';
import { type Delivery, deliveriesOf } from './deliveries.ts';
import type { Pace } from './pace.ts';
import type { Rate } from './rate.ts';

export interface SendProps {
  /** Name of the shipper's function, and the account that it is in. */
  readonly shipper: string;
  readonly account: string;
  readonly logGroup: string;
  readonly invoke: Invoke;
  readonly pace: Pace;
  readonly rate: Rate;
  readonly signal: AbortSignal;
}

/** Of the shipper, at a time: what is shipped live needs it too. */
const PARALLEL = 4;

/**
 * Has the shipper ship lines: those of a log stream in order, of several log streams side by side.
 * @throws what the call of the shipper throws, and UnknownAnswer
 */
export async function send(events: readonly HistoryEvent[], props: SendProps): Promise<Counts> {
  const { account, logGroup, shipper, invoke, pace, rate, signal } = props;
  const pool = new Pool(PARALLEL);
  let counts = { ...NOTHING, bytes: bytesOf(events) };

  const sendOne = async ({ payload, lines, bytes }: Delivery) => {
    await rate.spend(bytes);
    const answer = await pace.call(() => invoke(shipper, payload, signal));
    if (!isResult(answer, lines)) throw new UnknownAnswer(shipper);
    const { partsAdded, stored, parked } = answer;
    counts = plus(counts, { lines, partsAdded, stored, parked, bytes: 0 });
  };

  for (const deliveries of deliveriesOf({ owner: account, logGroup }, events))
    await pool.start(async () => {
      for (const delivery of deliveries) if (!pool.failed) await sendOne(delivery);
    });
  await pool.finish();
  return counts;
}

export function bytesOf(events: readonly HistoryEvent[]): number {
  return events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
}

import type { Ledger } from '../ledger.ts';
import { encodePushes, type Stream } from './encode.ts';
import { type Entries, range } from './entries.ts';
import type { Refusal, SendPush } from './push.ts';

/** Entries that Loki refuses, for one reason. */
export interface Refused {
  readonly entries: Entries;
  readonly reason: string;
  /** What Loki said. */
  readonly said: string;
}

export interface IsolateProps {
  readonly push: SendPush;
  /** Milliseconds since 1970 at which it must be done. */
  readonly deadline: number;
  readonly ledger: Ledger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Kept of the time for a push that is under way when the others are given up. */
const LAST_PUSH_MS = 1_000;

/** A range of the push that Loki did not accept as it was sent. */
interface Open {
  readonly entries: Entries;
  readonly refusal: Refusal;
  /** Whether it was sent without structured metadata. */
  readonly mended: boolean;
}

/**
 * Finds the entries of a push that Loki refuses, and stores the others: halves it until the guilty ones stand alone.
 * Only a push that Loki accepts proves that its entries are stored: of several reasons, an answer names only some.
 *
 * The widest ranges come first, so that little is left when the time runs out. What is not resolved then counts as
 * refused. So does all of a push that is refused as a whole, when no part is accepted though as many pushes would have
 * found a single guilty entry.
 *
 * @param refusal what Loki said to the whole push
 * @returns what must be kept elsewhere
 * @throws what push throws
 */
export async function isolate(
  stream: Stream,
  entries: Entries,
  refusal: Refusal,
  { push, deadline, ledger, now }: IsolateProps,
): Promise<Refused[]> {
  const bare: Stream = { labels: stream.labels, metadata: [] };
  const refused: Refused[] = [];
  const open: Open[] = [{ entries, refusal, mended: false }];
  const enough = 2 * Math.ceil(Math.log2(entries.events.length)) + 4;
  let pushes = 0;
  let anyStored = false;

  const send = async (entries: Entries, mended: boolean) => {
    for (const part of encodePushes(mended ? bare : stream, entries)) {
      const count = part.entries.events.length;
      pushes++;
      const refusal = await push(part.body, { count, deadline, ledger });
      if (refusal) open.push({ entries: part.entries, refusal, mended });
      else {
        anyStored = true;
        ledger.stored += count;
        if (mended) ledger.metadataDropped += count;
      }
    }
  };

  for (let next = open.shift(); next; next = open.shift()) {
    const { entries, refusal, mended } = next;
    const { length } = entries.events;
    const isOver = now() >= deadline - LAST_PUSH_MS || (refusal.kind === 'whole' && !anyStored && pushes >= enough);
    if (refusal.kind === 'mend' && !mended && !isOver) {
      await send({ ...entries, own: new Map() }, true);
    } else if (isOver || length === 1 || refusal.kind === 'all' || refusal.kind === 'mend') {
      refused.push({ entries, reason: refusal.reason, said: refusal.said });
    } else {
      await send(range(entries, 0, length >> 1), mended);
      await send(range(entries, length >> 1, length), mended);
    }
  }
  return refused;
}

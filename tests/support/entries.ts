import type { LogEvent } from '../../function/delivery/decode.ts';
import type { Entries } from '../../function/delivery/entries.ts';
import { Timestamps } from '../../function/delivery/timestamps.ts';

/** The events of a whole delivery, with their times in Loki. */
export function entriesOf(events: readonly LogEvent[], own: Entries['own'] = new Map()): Entries {
  return { events, offsets: new Timestamps().offsets(events), own };
}

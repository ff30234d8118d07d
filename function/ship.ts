import type { Delivery, LogEvent, Origin } from './delivery/decode.ts';
import { type DeliverProps, deliver, type Park } from './delivery/deliver.ts';
import type { Stream } from './delivery/encode.ts';
import type { Entries } from './delivery/entries.ts';
import type { Refused } from './delivery/isolate.ts';
import { Pool } from './delivery/pool.ts';
import { admit, type LineRules } from './delivery/rules.ts';
import { Timestamps } from './delivery/timestamps.ts';
import { LokiShipperError } from './errors.ts';
import type { LabelPolicy } from './labels/policy.ts';
import { streamOf, type Tags } from './labels/stream.ts';
import type { Ledger } from './ledger.ts';

/** What shipping needs from outside. */
export interface ShipProps extends Omit<DeliverProps, 'park'> {
  readonly region: string;
  readonly labels: LabelPolicy;
  readonly rules: LineRules;
  /** How many pushes may be under way at a time. */
  readonly parallelPushes: number;
  /** The tags of a log group. The ledger counts what fails. */
  readonly tagsOf: (logGroup: string, ledger: Ledger) => Promise<Tags>;
  /** Keeps the lines of a log stream that Loki refuses, and counts them. */
  readonly parkOf: (origin: Origin, ledger: Ledger) => Park;
  /** What gives the lines their times in Loki. Default: what a delivery has. */
  readonly newTimes?: () => Times;
}

export interface Times {
  /** For each of the next events, nanoseconds from its millisecond to its time in Loki. */
  offsets(events: readonly LogEvent[]): Int32Array;
}

/** The books do not balance: a line was neither stored nor parked, and nothing failed. */
export class LinesOwed extends LokiShipperError {
  override readonly name = 'LinesOwed';
  constructor(lines: number) {
    super(
      `${lines} lines of the delivery are neither stored nor parked, for a reason that is not known: try it again.`,
    );
  }
}

/** Stores all lines of a delivery in Loki, or parks them, or throws. What became of them is in the ledger. */
export async function ship(delivery: Delivery, props: ShipProps): Promise<void> {
  const { ledger, newTimes = () => new Timestamps() } = props;
  const pool = new Pool(props.parallelPushes);
  const park = props.parkOf(delivery, ledger);
  const times = newTimes();
  let stream: Stream | undefined;

  const shipBatch = async (events: readonly LogEvent[]) => {
    stream ??= await labelled(delivery, props);
    const { entries, refused } = sort(events, times, newTimes(), props);
    if (refused.length > 0) await pool.start(() => park(refused, events, 'rules'));
    await deliver(stream, entries, pool, { ...props, park });
  };

  try {
    for await (const events of delivery.batches) {
      ledger.receive(events);
      // After a failure the rest is only counted.
      if (events.length > 0 && !pool.failed) await shipBatch(events).catch((error: unknown) => pool.fail(error));
    }
  } catch (error) {
    pool.fail(error);
  }
  await pool.finish();
  if (ledger.owed > 0) throw new LinesOwed(ledger.owed);
}

async function labelled(origin: Origin, { tagsOf, region, labels, ledger }: ShipProps): Promise<Stream> {
  const tags = await tagsOf(origin.logGroup, ledger);
  const stream = streamOf({ ...origin, region }, tags, labels);
  ledger.labelValuesCut += stream.labelValuesCut;
  ledger.labelsLeftOut += stream.labelsLeftOut;
  ledger.metadataLeftOut += stream.metadataLeftOut;
  return stream;
}

/**
 * Tells what is sent from what Loki would refuse.
 * @param refusedTimes apart from those of what is sent: these must not depend on what else is old by now
 */
function sort(
  events: readonly LogEvent[],
  times: Times,
  refusedTimes: Times,
  { rules, ledger, now }: ShipProps,
): { readonly entries: Entries; readonly refused: readonly Refused[] } {
  const { tooOld, tooNew, own, ...admitted } = admit(events, rules, now());
  ledger.split += admitted.split;
  ledger.partsAdded += admitted.partsAdded;
  ledger.cut += admitted.cut;
  ledger.clamped += admitted.clamped;
  const refuse = (events: readonly LogEvent[], reason: string): Refused => ({
    entries: { events, offsets: refusedTimes.offsets(events), own },
    reason,
    said: 'Not sent: its time is outside of the limits that the module was given.',
  });
  const refused = [refuse(tooOld, 'greater_than_max_sample_age'), refuse(tooNew, 'too_far_in_future')];
  return {
    entries: { events: admitted.events, offsets: times.offsets(admitted.events), own },
    refused: refused.filter(({ entries }) => entries.events.length > 0),
  };
}

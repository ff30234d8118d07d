import type { Delivery } from './delivery/decode.ts';
import { encodePushes } from './delivery/encode.ts';
import type { Push } from './delivery/push.ts';
import { LokiShipperError } from './errors.ts';
import type { LabelPolicy } from './labels/policy.ts';
import { streamOf, type Tags } from './labels/stream.ts';

/** What shipping needs from outside. */
export interface ShipProps {
  readonly region: string;
  readonly labels: LabelPolicy;
  /** The tags of a log group. */
  readonly tagsOf: (logGroup: string) => Promise<Tags>;
  readonly push: Push;
  /** Milliseconds since 1970 at which it must be done. */
  readonly deadline: number;
}

/** The tags of a log group are not known, so its labels are not, and its lines wait for Lambda's retry. */
export class TagsUnavailable extends LokiShipperError {
  override readonly name = 'TagsUnavailable';
  /** @param reason name of AWS's error */
  constructor(logGroup: string, reason: string) {
    super(
      `The tags of log group ${logGroup} cannot be read (${reason}): its lines are not shipped under other labels.`,
    );
  }
}

/** Stores all lines of a delivery in Loki, or throws. */
export async function ship(delivery: Delivery, props: ShipProps): Promise<void> {
  if (delivery.logEvents.length === 0) return;
  const tags = await props.tagsOf(delivery.logGroup);
  const stream = streamOf({ ...delivery, region: props.region }, tags, props.labels);
  for (const body of encodePushes(stream, delivery.logEvents)) await props.push(body, props.deadline);
}

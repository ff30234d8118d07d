import type { Context } from 'aws-lambda';
import { parseArn } from './aws/arn.ts';
import { logGroupTags } from './aws/log-group.ts';
import { type Objects, s3Objects } from './aws/objects.ts';
import { readSecret } from './aws/secret.ts';
import { watchedObject } from './aws/watched-object.ts';
import type { CheckResult } from './check.ts';
import { loadConfig } from './config.ts';
import { lokiHeaders } from './credentials.ts';
import { type Delivery, decode } from './delivery/decode.ts';
import { parkIn } from './delivery/park.ts';
import { createPusher } from './delivery/push.ts';
import { LokiShipperError } from './errors.ts';
import { isObject } from './json.ts';
import { CATALOGUE_KEY } from './labels/catalogue.ts';
import { TagSource } from './labels/tag-source.ts';
import { type DeliveryResult, Ledger } from './ledger.ts';
import { metricRecord } from './metrics.ts';
import type { ReplayRequest, ReplayResult } from './replay.ts';
import { type ShipProps, ship } from './ship.ts';

/** Of a look-up of tags, and how long all of them with their waits may take: the shortest timeout of the module is 10 s. */
const LOOK_UP_ATTEMPTS = 4;
const LOOK_UP_MS = 4_000;

/** Of the invocation's time, kept for parking what Loki refuses. */
const RESERVE_MS = 2_000;
/** Kept for the error to be thrown and reported before Lambda ends the invocation. */
const LAST_MS = 300;

/** What the invocations of a container share: settings, tags that were read (in `shipping`), connections. */
interface Container {
  readonly shipping: Omit<ShipProps, 'deadline' | 'ledger'>;
  readonly ownLogGroups: ReadonlySet<string>;
  readonly objects: Objects;
}

/** What was asked of it did not end in time. */
export class OutOfTime extends LokiShipperError {
  override readonly name = 'OutOfTime';
  constructor() {
    super('The time of the invocation ran out before all lines were stored or parked: set a longer timeout.');
  }
}

let container: Container | undefined;
const warned = new Set<string>();

/**
 * Takes a delivery of a CloudWatch Logs subscription filter, or the request to ship what an object of the bucket holds,
 * or to check what it needs.
 * It fails when a line of a delivery is neither stored in Loki nor parked in the bucket.
 */
export async function handler(
  event: unknown,
  context: Context,
): Promise<ReplayResult | CheckResult | DeliveryResult | undefined> {
  const end = Date.now() + context.getRemainingTimeInMillis();
  if (isCheckRequest(event)) {
    const { check } = await import('./check.ts'); // Somebody asks for it, now and then.
    return within(end - LAST_MS, check(process.env, context.invokedFunctionArn));
  }
  if (isReplayRequest(event)) {
    container ??= prepare(context.invokedFunctionArn);
    const { shipping, objects } = container;
    const { replay } = await import('./replay.ts'); // Like parking, it is rare.
    return within(end - LAST_MS, replay(event.replay, { ...shipping, objects, deadline: end - RESERVE_MS }));
  }
  const delivery = await decode(event);
  if (!delivery) return undefined;
  container ??= prepare(context.invokedFunctionArn);
  return container.ownLogGroups.has(delivery.logGroup)
    ? refuseOwn(delivery, context)
    : shipDelivery(delivery, container, context, end);
}

function isCheckRequest(event: unknown): boolean {
  return isObject(event) && event.check === true;
}

function isReplayRequest(event: unknown): event is { readonly replay: ReplayRequest } {
  return isObject(event) && isObject(event.replay) && typeof event.replay.key === 'string';
}

async function shipDelivery(
  delivery: Delivery,
  container: Container,
  context: Context,
  end: number,
): Promise<DeliveryResult> {
  const ledger = new Ledger();
  try {
    await within(end - LAST_MS, ship(delivery, { ...container.shipping, ledger, deadline: end - RESERVE_MS }));
    return ledger.result();
  } finally {
    if (ledger.received > 0) record(ledger, delivery.logGroup, context);
  }
}

/**
 * Each line that is written here would be delivered again, and make another: so it says so once, and is silent then.
 * Nothing of it is lost: it stays in the log group.
 */
async function refuseOwn(delivery: Delivery, context: Context): Promise<DeliveryResult | undefined> {
  const { logGroup } = delivery;
  if (warned.has(logGroup)) return undefined;
  warned.add(logGroup);
  const ledger = new Ledger();
  for await (const events of delivery.batches) {
    ledger.receive(events);
    ledger.filtered += events.length;
  }
  const message = `Log group ${logGroup} is loki-shipper's own, so its lines are not shipped: each would make another. Remove its subscription filter.`;
  write(JSON.stringify({ level: 'WARN', message, logGroup }));
  record(ledger, logGroup, context);
  return ledger.result();
}

function record(ledger: Ledger, logGroup: string, { functionName, awsRequestId: requestId }: Context): void {
  write(metricRecord(ledger, { functionName, requestId, logGroup, now: Date.now() }));
}

/** Not by console.log, which Lambda's runtime puts a time before: CloudWatch reads metrics from lines of JSON alone. */
function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @param end milliseconds since 1970 */
async function within<T>(end: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime()), end - Date.now());
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}

function prepare(functionArn: string): Container {
  const { lokiUrl, labels, secrets, rules, parallelPushes, bucket, ownLogGroups } = loadConfig(process.env);
  const { partition, region, account } = parseArn(functionArn);
  const groups = logGroupTags(functionArn, LOOK_UP_ATTEMPTS);
  const tags = new TagSource({
    readCatalogue: watchedObject({ bucket, region, partition }, CATALOGUE_KEY),
    lookUp: (logGroup) => groups.read(logGroup, AbortSignal.timeout(LOOK_UP_MS)),
    place: { account, region },
    refreshSeconds: labels.refreshSeconds,
  });
  const objects = s3Objects(bucket, region);
  const shipping = {
    region,
    labels,
    rules,
    parallelPushes,
    tagsOf: (logGroup: string, ledger: Ledger) => tags.tagsOf(logGroup, ledger),
    push: createPusher({ url: lokiUrl, headers: lokiHeaders(secrets, readSecret) }),
    parkOf: parkIn(objects),
    now: Date.now,
  };
  return { shipping, ownLogGroups, objects };
}

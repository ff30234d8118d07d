import type { Objects } from './aws/objects.ts';
import { decode, type LogEvent } from './delivery/decode.ts';
import { linesOf, putParked } from './delivery/park.ts';
import { decodeParked, type ParkedLine } from './delivery/parked.ts';
import { LokiUnreachable, PushFailed } from './delivery/push.ts';
import { LokiShipperError } from './errors.ts';
import { isObject } from './json.ts';
import { Ledger } from './ledger.ts';
import { FAILED_DELIVERY, isSelected, type ReplayFilter } from './replay-filter.ts';
import { type ShipProps, ship, type Times } from './ship.ts';

/** Asks the shipper to ship what one object of the bucket holds. */
export interface ReplayRequest {
  readonly key: string;
  /** Default: everything. */
  readonly filter?: ReplayFilter;
  /** Whether it only counts. Default: false. */
  readonly dryRun?: boolean;
}

/** What became of an object. */
export interface ReplayResult {
  readonly key: string;
  /** Whether the filter selects it; if not, nothing was done. */
  readonly matched: boolean;
  readonly lines: number;
  readonly stored: number;
  /** Reason → lines that are still refused. They are kept. */
  readonly refused: Readonly<Record<string, number>>;
  /** Bytes that were sent to Loki. */
  readonly bytes: number;
  /** Why it could not be replayed, in one sentence. It is kept. */
  readonly error: string | null;
  /** Whether that is because Loki takes nothing at all, so that other objects would fare the same. */
  readonly blocked: boolean;
}

export interface ReplayProps extends Omit<ShipProps, 'ledger'> {
  readonly objects: Objects;
}

/**
 * Ships an object of the bucket, parked lines or Lambda's record of a failed delivery, under the labels of today. Only
 * when all its lines are stored or parked anew it is removed; parked lines that are refused again replace it.
 */
export async function replay(request: ReplayRequest, props: ReplayProps): Promise<ReplayResult> {
  const { key } = request;
  const ledger = new Ledger();
  const result = (matched: boolean, error?: LokiShipperError): ReplayResult => ({
    key,
    matched,
    lines: ledger.received + ledger.partsAdded,
    stored: ledger.stored,
    refused: Object.fromEntries(ledger.parked),
    bytes: ledger.bytes,
    error: error?.message ?? null,
    blocked: error instanceof LokiUnreachable || error instanceof PushFailed,
  });
  try {
    const body = await props.objects.get(key);
    // Somebody else has replayed it meanwhile.
    if (!body) return result(false);
    const shipping = { ...props, ledger };
    const matched = await (key.startsWith('parked/')
      ? replayParked(request, body, shipping)
      : replayRecord(request, body, shipping));
    return result(matched);
  } catch (error) {
    if (error instanceof LokiShipperError) return result(true, error);
    throw error;
  }
}

type Shipping = ShipProps & { readonly objects: Objects };

/** @returns whether the filter selects it */
async function replayParked(
  { key, filter = {}, dryRun }: ReplayRequest,
  body: Buffer,
  props: Shipping,
): Promise<boolean> {
  const { objects, ledger } = props;
  const lines = decodeParked(body);
  const [first] = lines;
  if (!first || !lines.some((line) => isSelected({ ...line, time: line.seconds * 1000 + line.nanos / 1e6 }, filter)))
    return false;
  const { account: owner, logGroup, logStream } = first;
  const times = new KnownTimes(lines);
  if (dryRun) {
    ledger.receive(times.events);
    return true;
  }
  const left: ParkedLine[] = [];
  await ship(
    { owner, logGroup, logStream, batches: [times.events] },
    {
      ...props,
      newTimes: () => times,
      parkOf: (origin) => async (refused) => {
        for (const some of refused) {
          left.push(...linesOf(origin, some));
          ledger.park(some.reason, some.entries.events.length);
        }
      },
    },
  );
  await (left.length > 0 ? putParked(objects, key, left) : objects.remove(key));
  return true;
}

/** @returns whether the filter selects it */
async function replayRecord(
  { key, filter = {}, dryRun }: ReplayRequest,
  body: Buffer,
  props: Shipping,
): Promise<boolean> {
  const { objects, ledger } = props;
  const payload = payloadOf(key, body);
  const delivery = await decode(payload);
  if (!delivery) {
    if (!dryRun) await objects.remove(key); // A CONTROL_MESSAGE: there is nothing in it.
    return false;
  }
  // Batches can be read once, so they are read here to look at, and again to ship.
  const seen = new Ledger();
  let matched = false;
  for await (const events of delivery.batches) {
    seen.receive(events);
    matched ||= events.some(({ timestamp: time }) =>
      isSelected({ logGroup: delivery.logGroup, time, reason: FAILED_DELIVERY }, filter),
    );
  }
  if (!matched) return false;
  if (dryRun) {
    ledger.received = seen.received;
    return true;
  }
  const again = await decode(payload);
  if (again) await ship(again, props);
  await objects.remove(key);
  return true;
}

/** The event of Lambda's record: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function payloadOf(key: string, body: Buffer): unknown {
  try {
    const record: unknown = JSON.parse(body.toString());
    if (isObject(record)) return record.requestPayload;
  } catch {
    // The parser's own message would quote the content.
  }
  throw new NoRecord(key);
}

export class NoRecord extends LokiShipperError {
  override readonly name = 'NoRecord';
  constructor(key: string) {
    super(
      `The object ${key} is not what Lambda writes about a failed delivery: it must be JSON with a requestPayload.`,
    );
  }
}

/** The times that parked lines had, or would have had, in Loki. */
class KnownTimes implements Times {
  readonly events: readonly LogEvent[];
  readonly #offsets = new Map<LogEvent, number>();
  readonly #first = new Map<string, number>();

  constructor(lines: readonly ParkedLine[]) {
    this.events = lines.map(({ eventId: id, seconds, nanos, line: message }) => {
      const ms = Math.floor(nanos / 1e6);
      const event = { id, timestamp: seconds * 1000 + ms, message };
      this.#offsets.set(event, nanos - ms * 1e6);
      if (!this.#first.has(id)) this.#first.set(id, nanos - ms * 1e6);
      return event;
    });
  }

  /** A line that a rule has changed since has the time of the one that it was, and its parts follow each other. */
  offsets(events: readonly LogEvent[]): Int32Array {
    const offsets = new Int32Array(events.length);
    events.forEach((event, i) => {
      const isPart = i > 0 && events[i - 1]?.id === event.id && events[i - 1]?.timestamp === event.timestamp;
      offsets[i] = this.#offsets.get(event) ?? (isPart ? (offsets[i - 1] ?? 0) + 1 : (this.#first.get(event.id) ?? 0));
    });
    return offsets;
  }
}

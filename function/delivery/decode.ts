import { constants, gunzipSync } from 'node:zlib';
import { LokiShipperError } from '../errors.ts';

/** One line of a log group. */
export interface LogEvent {
  /** Given by CloudWatch; the same when a delivery is repeated. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** What a subscription filter delivers: lines of one log stream. */
export interface Delivery {
  /** The account that the log group is in. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly LogEvent[];
}

/** The event is not a delivery of CloudWatch Logs. The message says what is wrong and where, never the content. */
export abstract class InvalidDelivery extends LokiShipperError {}

export class NoDeliveryData extends InvalidDelivery {
  override readonly name = 'NoDeliveryData';
  constructor() {
    super('The event has no awslogs.data: the shipper takes what a CloudWatch Logs subscription filter sends.');
  }
}

export class BadBase64 extends InvalidDelivery {
  override readonly name = 'BadBase64';
  constructor() {
    super('awslogs.data is not valid base64.');
  }
}

export class BadGzip extends InvalidDelivery {
  override readonly name = 'BadGzip';
  /** @param code of zlib, for example Z_DATA_ERROR */
  constructor(code: string) {
    super(`awslogs.data is not valid gzip (${code}).`);
  }
}

export class DeliveryTooLarge extends InvalidDelivery {
  override readonly name = 'DeliveryTooLarge';
  constructor() {
    super(`awslogs.data unpacks to more than ${MAX_JSON_BYTES} bytes, which no delivery of CloudWatch Logs does.`);
  }
}

export class BadJson extends InvalidDelivery {
  override readonly name = 'BadJson';
  constructor() {
    super('awslogs.data is gzip, but what is inside is not valid JSON.');
  }
}

export class MissingField extends InvalidDelivery {
  override readonly name = 'MissingField';
  /** @param field for example `logEvents[3].timestamp` */
  constructor(field: string) {
    super(`${field} is missing in the delivery.`);
  }
}

export class WrongType extends InvalidDelivery {
  override readonly name = 'WrongType';
  /** @param field for example `logEvents[3].timestamp`; @param right what it must be */
  constructor(field: string, right: string) {
    super(`${field} in the delivery must be ${right}.`);
  }
}

/**
 * The most that a delivery may unpack to. An asynchronous event of Lambda has at most 1 MB, so 768 KB of gzip. Logs
 * shrink about 20 times, to 15 MB; 40 MB is what a test could make of very repetitive ones. More is a gzip bomb.
 */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Unpacks an event of a CloudWatch Logs subscription filter: gzipped JSON as base64 in `awslogs.data`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 *
 * @returns the delivery, or undefined for a CONTROL_MESSAGE, by which CloudWatch tests whether it can deliver.
 *   Fields that are not known are ignored.
 * @throws InvalidDelivery
 */
export function decode(event: unknown): Delivery | undefined {
  const delivery = parse(unzip(unbase64(payloadOf(event))));
  if (!isObject(delivery)) throw new WrongType('The JSON', 'an object');
  const { messageType, owner, logGroup, logStream, logEvents } = delivery;
  if (messageType === 'CONTROL_MESSAGE') return undefined;
  if (messageType !== 'DATA_MESSAGE') throw wrong('messageType', messageType, 'DATA_MESSAGE or CONTROL_MESSAGE');
  if (typeof owner !== 'string') throw wrong('owner', owner, 'a string');
  if (typeof logGroup !== 'string') throw wrong('logGroup', logGroup, 'a string');
  if (typeof logStream !== 'string') throw wrong('logStream', logStream, 'a string');
  checkEvents(logEvents);
  return { owner, logGroup, logStream, logEvents };
}

function payloadOf(event: unknown): string {
  const awslogs = isObject(event) ? event.awslogs : undefined;
  const data = isObject(awslogs) ? awslogs.data : undefined;
  if (typeof data !== 'string') throw new NoDeliveryData();
  return data;
}

/** Node skips what is not base64, so that fewer bytes come out than should; what it takes for base64 is checked here. */
function unbase64(data: string): Buffer {
  const bytes = Buffer.from(data, 'base64');
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  const isComplete = bytes.length === (data.length / 4) * 3 - padding;
  const isUrlSafe = data.includes('-') || data.includes('_');
  const isAscii = Buffer.byteLength(data) === data.length; // Of other characters, Node looks at the lower byte only.
  if (!isComplete || isUrlSafe || !isAscii) throw new BadBase64();
  return bytes;
}

function unzip(gzip: Buffer): Buffer {
  // The last four bytes of gzip say how long the content is. Room for all of it at once halves the cost of unpacking.
  const length = gzip.length < 4 ? 0 : gzip.readUInt32LE(gzip.length - 4);
  const chunkSize = Math.min(Math.max(length + 1, constants.Z_DEFAULT_CHUNK), MAX_JSON_BYTES);
  try {
    return gunzipSync(gzip, { chunkSize, maxOutputLength: MAX_JSON_BYTES });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw code === 'ERR_BUFFER_TOO_LARGE' ? new DeliveryTooLarge() : new BadGzip(code);
  }
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    throw new BadJson(); // The parser's own message quotes the content.
  }
}

/** One pass over what can be ten thousand events; what is wrong with one is found out only when one is wrong. */
function checkEvents(events: unknown): asserts events is LogEvent[] {
  if (!Array.isArray(events)) throw wrong('logEvents', events, 'an array');
  for (let i = 0; i < events.length; i++) {
    const event: unknown = events[i];
    if (
      !isObject(event) ||
      typeof event.id !== 'string' ||
      !isTimestamp(event.timestamp) ||
      typeof event.message !== 'string'
    )
      throw wrongEvent(`logEvents[${i}]`, event);
  }
}

function wrongEvent(where: string, event: unknown): InvalidDelivery {
  if (!isObject(event)) return wrong(where, event, 'an object');
  if (typeof event.id !== 'string') return wrong(`${where}.id`, event.id, 'a string');
  if (!isTimestamp(event.timestamp))
    return wrong(`${where}.timestamp`, event.timestamp, 'milliseconds since 1970, a whole number of at least 0');
  return wrong(`${where}.message`, event.message, 'a string');
}

function wrong(field: string, value: unknown, right: string): InvalidDelivery {
  return value === undefined ? new MissingField(field) : new WrongType(field, right);
}

function isTimestamp(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

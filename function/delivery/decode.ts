import { constants, createGunzip } from 'node:zlib';
import { LokiShipperError } from '../errors.ts';
import { gunzip, unpackedLength } from '../gunzip.ts';

/** One line of a log group. */
export interface LogEvent {
  /** Given by CloudWatch; the same when a delivery is repeated. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** Where the lines of a delivery come from: one log stream. */
export interface Origin {
  /** The account that the log group is in. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** What a subscription filter delivers. */
export interface Delivery extends Origin {
  /**
   * The lines in order, to be read once: all at once, or in parts where all of them would need much memory.
   * @throws InvalidDelivery when a part of a large delivery is wrong
   */
  readonly batches: Iterable<readonly LogEvent[]> | AsyncIterable<readonly LogEvent[]>;
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

export class LateField extends InvalidDelivery {
  override readonly name = 'LateField';
  /** @param field for example `logGroup` */
  constructor(field: string) {
    super(`${field} comes once more after logEvents in the delivery.`);
  }
}

/** The end of the year 9999: dates have four digits for it. */
const MAX_TIMESTAMP = Date.UTC(10_000, 0) - 1;

/** Above this much JSON a delivery is read in parts. Most deliveries are far below it, and in one part they cost less. */
const PARTS_ABOVE_BYTES = 4 * 1024 * 1024;
/** A part is about this much JSON: a push, less the structured metadata that comes to each line. */
const PART_BYTES = 768 * 1024;

/**
 * The most that a delivery may unpack to. An asynchronous event of Lambda has at most 1 MB, so 768 KB of gzip. Logs
 * shrink about 20 times, to 15 MB; 40 MB is what a test could make of very repetitive ones. More is a gzip bomb.
 */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Unpacks an event of a CloudWatch Logs subscription filter: gzipped JSON as base64 in `awslogs.data`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 *
 * @param partsAbove bytes of JSON above which it is read in parts
 * @param partBytes least bytes of JSON of a part
 * @returns the delivery, or undefined for a CONTROL_MESSAGE, by which CloudWatch tests whether it can deliver.
 *   Fields that are not known are ignored.
 * @throws InvalidDelivery
 */
export async function decode(
  event: unknown,
  partsAbove = PARTS_ABOVE_BYTES,
  partBytes = PART_BYTES,
): Promise<Delivery | undefined> {
  const gzip = unbase64(payloadOf(event));
  const parts = unpackedLength(gzip) > partsAbove ? await decodeParts(gzip, partBytes) : undefined;
  if (parts) return parts;
  const delivery = parse(unzip(gzip).toString());
  const origin = originOf(delivery);
  if (!origin) return undefined;
  const { logEvents } = delivery;
  checkEvents(logEvents, 0);
  return { ...origin, batches: [logEvents] };
}

/** @returns undefined for a CONTROL_MESSAGE */
function originOf({ messageType, owner, logGroup, logStream }: Json): Origin | undefined {
  if (messageType === 'CONTROL_MESSAGE') return undefined;
  if (messageType !== 'DATA_MESSAGE') throw wrong('messageType', messageType, 'DATA_MESSAGE or CONTROL_MESSAGE');
  if (typeof owner !== 'string') throw wrong('owner', owner, 'a string');
  if (typeof logGroup !== 'string') throw wrong('logGroup', logGroup, 'a string');
  if (typeof logStream !== 'string') throw wrong('logStream', logStream, 'a string');
  return { owner, logGroup, logStream };
}

/** The fields that say what a delivery is and where it comes from. */
const ORIGIN_FIELDS = ['messageType', 'owner', 'logGroup', 'logStream'];
const EVENTS_START = '"logEvents":[';
/** What is between two events. In a string of JSON its quotes would have backslashes, so it is nowhere else. */
const BETWEEN_EVENTS = '},{"id":"';

/**
 * Reads a delivery in parts, so that neither all of its JSON nor all of its events are in memory at a time.
 * @returns undefined when it is not written as CloudWatch writes it, with the events after the other fields
 */
async function decodeParts(gzip: Buffer, partBytes: number): Promise<Delivery | undefined> {
  const chunks = unzipParts(gzip, partBytes);
  const first = (await chunks.next()).value ?? Buffer.alloc(0);
  const start = first.indexOf(EVENTS_START);
  const head = start < 0 ? undefined : tryParse(`${first.toString('utf8', 0, start)}${EVENTS_START}]}`);
  const isCanonical =
    isObject(head) && ORIGIN_FIELDS.every((field) => Object.hasOwn(head, field)) && first.includes(BETWEEN_EVENTS);
  if (!isCanonical) {
    await chunks.return(undefined);
    return undefined;
  }
  const origin = originOf(head);
  const rest = first.subarray(start + EVENTS_START.length);
  return origin && { ...origin, batches: readParts(rest, chunks, partBytes) };
}

async function* readParts(
  first: Buffer,
  chunks: AsyncIterable<Buffer>,
  partBytes: number,
): AsyncGenerator<readonly LogEvent[]> {
  let count = 0;
  let rest = first;
  let enough = partBytes;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    if (rest.length < enough) continue;
    const end = rest.lastIndexOf(BETWEEN_EVENTS) + 1;
    const events = end > 0 ? tryParse(`[${rest.toString('utf8', 0, end)}]`) : undefined;
    if (!events) {
      enough = rest.length * 2; // No event ends here, or what looked like it was inside of one.
      continue;
    }
    checkEvents(events, count);
    count += events.length;
    yield events;
    rest = rest.subarray(end + 1);
    enough = partBytes;
  }
  yield lastEvents(rest.toString(), count);
}

/** @param text from the first of the last events to the end of the delivery; @param before how many came before */
function lastEvents(text: string, before: number): readonly LogEvent[] {
  const end = endOfArray(text);
  const { logEvents } = parse(`{${EVENTS_START}${text.slice(0, end)}]}`);
  const late = parse(`{"":0${text.slice(end + 1)}`);
  // Of two fields with one name, the second would count; these have been used already.
  for (const field of [...ORIGIN_FIELDS, 'logEvents']) if (Object.hasOwn(late, field)) throw new LateField(field);
  checkEvents(logEvents, before);
  return logEvents;
}

/** Where the array ends that the text begins in. The parser cannot be asked: of a field that comes twice it shows one. */
function endOfArray(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth < 0) return i;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
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
  try {
    return gunzip(gzip, MAX_JSON_BYTES);
  } catch (error) {
    throw badGzip(error);
  }
}

/** @throws BadGzip, DeliveryTooLarge */
async function* unzipParts(gzip: Buffer, partBytes: number): AsyncGenerator<Buffer, void> {
  const unpacking = createGunzip({ chunkSize: Math.max(partBytes, constants.Z_MIN_CHUNK) });
  unpacking.end(gzip);
  let length = 0;
  try {
    for await (const chunk of unpacking) {
      length += chunk.length;
      if (length > MAX_JSON_BYTES) throw new DeliveryTooLarge();
      yield chunk;
    }
  } catch (error) {
    throw error instanceof DeliveryTooLarge ? error : badGzip(error);
  }
}

function badGzip(error: unknown): InvalidDelivery {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return code === 'ERR_BUFFER_TOO_LARGE' ? new DeliveryTooLarge() : new BadGzip(code);
}

function parse(json: string): Json {
  const value = tryParse(json);
  if (value === undefined) throw new BadJson();
  if (!isObject(value)) throw new WrongType('The JSON', 'an object');
  return value;
}

/** @returns undefined for what is not JSON: the parser's own message would quote the content */
function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * One pass over what can be ten thousand events; what is wrong with one is found out only when one is wrong.
 * @param before how many events came in the parts before
 */
function checkEvents(events: unknown, before: number): asserts events is LogEvent[] {
  if (!Array.isArray(events)) throw wrong('logEvents', events, 'an array');
  for (let i = 0; i < events.length; i++) {
    const event: unknown = events[i];
    if (
      !isObject(event) ||
      typeof event.id !== 'string' ||
      !isTimestamp(event.timestamp) ||
      typeof event.message !== 'string'
    )
      throw wrongEvent(`logEvents[${before + i}]`, event);
  }
}

function wrongEvent(where: string, event: unknown): InvalidDelivery {
  if (!isObject(event)) return wrong(where, event, 'an object');
  if (typeof event.id !== 'string') return wrong(`${where}.id`, event.id, 'a string');
  if (!isTimestamp(event.timestamp))
    return wrong(
      `${where}.timestamp`,
      event.timestamp,
      `milliseconds since 1970, a whole number from 0 to ${MAX_TIMESTAMP}`,
    );
  return wrong(`${where}.message`, event.message, 'a string');
}

function wrong(field: string, value: unknown, right: string): InvalidDelivery {
  return value === undefined ? new MissingField(field) : new WrongType(field, right);
}

function isTimestamp(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TIMESTAMP;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LokiShipperError } from '../errors.ts';
import { isObject } from '../json.ts';

/** A line that Loki refused, with all that it takes to store it later as it would have been stored. */
export interface ParkedLine {
  /** The account that the log group is in. */
  readonly account: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly eventId: string;
  /** Its time in Loki: whole seconds since 1970, and nanoseconds in that second. */
  readonly seconds: number;
  readonly nanos: number;
  readonly line: string;
  /** Loki's name for what is wrong with it. */
  readonly reason: string;
  /** The first line of Loki's answer. */
  readonly said: string;
}

/** Where parked lines come from: what is the same when an invocation is repeated, so that it parks to the same object. */
export interface ParkedOrigin {
  readonly account: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** Who refused them. */
  readonly by: 'rules' | 'loki';
  /** Ids of the first and the last event among which they were, and how many these are. */
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** Before the keys of all parked objects. */
export const PARKED = 'parked/';

/** @param timestamp of the first event, in milliseconds since 1970 */
export function parkedKey(origin: ParkedOrigin, timestamp: number): string {
  const { account, logGroup, logStream, by, first, last, count } = origin;
  const identity = JSON.stringify([account, logGroup, logStream, by, first, last, count]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  return `${PARKED}${dayOf(timestamp)}/${logGroup.replace(/^\//, '')}/${hash}.ndjson.gz`;
}

/** What the key of a parked object says; undefined when it is not one. */
export function readParkedKey(key: string): { readonly day: string; readonly groupWithoutSlash: string } | undefined {
  const [, day, groupWithoutSlash] = /^parked\/(\d{4,}\/\d\d\/\d\d)\/(.+)\/[0-9a-f]{32}\.ndjson\.gz$/.exec(key) ?? [];
  return day && groupWithoutSlash ? { day, groupWithoutSlash } : undefined;
}

/** The day in UTC as YYYY/MM/DD. @param timestamp milliseconds since 1970 */
export function dayOf(timestamp: number): string {
  return new Date(timestamp).toISOString().replace(/T.*/, '').replaceAll('-', '/');
}

/** Gzip of a JSON object a line. @param version of the shipper */
export function encodeParked(lines: readonly ParkedLine[], version: string): Buffer {
  const json = lines.map(({ account, logGroup, logStream, eventId, seconds, nanos, line, reason, said }) =>
    JSON.stringify({
      account,
      logGroup,
      logStream,
      eventId,
      time: timeText(seconds, nanos),
      line,
      reason,
      said,
      version,
    }),
  );
  return gzipSync(`${json.join('\n')}\n`);
}

/** The object is not what the shipper parks. The message never quotes it. */
export class InvalidParked extends LokiShipperError {
  override readonly name = 'InvalidParked';
  constructor(problem: string) {
    super(`The object does not hold parked lines: ${problem}.`);
  }
}

/** Far more than the lines of a push: more is a gzip bomb. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads what encodeParked writes: one line or more, all of one log stream.
 * @throws InvalidParked
 */
export function decodeParked(body: Buffer): ParkedLine[] {
  const lines = unzip(body).split('\n');
  if (lines.pop() !== '') throw new InvalidParked('its last line does not end');
  if (lines.length === 0) throw new InvalidParked('it is empty');
  const parked = lines.map(parseLine);
  const [first] = parked;
  const other = parked.findIndex(
    ({ account, logGroup, logStream }) =>
      account !== first?.account || logGroup !== first.logGroup || logStream !== first.logStream,
  );
  if (other >= 0) throw new InvalidParked(`line ${other + 1} is of another log stream than line 1`);
  return parked;
}

function unzip(body: Buffer): string {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BYTES }).toString();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
    throw new InvalidParked(`it is not valid gzip of at most ${MAX_BYTES} bytes (${code})`);
  }
}

function parseLine(json: string, index: number): ParkedLine {
  const where = `line ${index + 1}`;
  const value = tryParse(json);
  if (!isObject(value)) throw new InvalidParked(`${where} is not a JSON object`);
  const text = (field: string): string => {
    const text = value[field];
    if (typeof text !== 'string') throw new InvalidParked(`${where} has no text ${field}`);
    return text;
  };
  const time = parseTime(text('time'));
  if (!time)
    throw new InvalidParked(`time of ${where} is not in UTC with nanoseconds, as in 2026-11-23T03:12:01.123456789Z`);
  return {
    account: text('account'),
    logGroup: text('logGroup'),
    logStream: text('logStream'),
    eventId: text('eventId'),
    ...time,
    line: text('line'),
    reason: text('reason'),
    said: text('said'),
  };
}

/** @returns undefined for what is not JSON: the parser's own message would quote it */
function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** RFC 3339 with all nine digits: a number of JSON could not hold them. */
function timeText(seconds: number, nanos: number): string {
  const toTheSecond = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${toTheSecond}.${String(nanos).padStart(9, '0')}Z`;
}

function parseTime(text: string): { readonly seconds: number; readonly nanos: number } | undefined {
  const [, toTheSecond, digits] = /^(.+)\.(\d{9})Z$/.exec(text) ?? [];
  const ms = Date.parse(`${toTheSecond}Z`);
  if (Number.isNaN(ms)) return undefined;
  const time = { seconds: ms / 1000, nanos: Number(digits) };
  // Dates that there are not, as the 30th of February, would be read as others.
  return Number.isInteger(time.seconds) && timeText(time.seconds, time.nanos) === text ? time : undefined;
}

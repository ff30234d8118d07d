import { PARKED } from '../delivery/parked.ts';
import { LokiShipperError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { ReplayFilter } from '../replay-filter.ts';
import { FAILED_DELIVERIES } from './replay-keys.ts';

/** Asks the registrar to have the next objects of the bucket replayed. */
export interface ReplayPageRequest {
  readonly filter: ReplayFilter;
  /** Whether they are only counted. */
  readonly dryRun: boolean;
  /** The `next` of the answer before this one. */
  readonly after?: string;
  readonly maxObjects: number;
}

export class InvalidReplayRequest extends LokiShipperError {
  override readonly name = 'InvalidReplayRequest';
  constructor(problems: readonly string[]) {
    super(`The registrar cannot replay what it is asked to: ${problems.join(' ')}`);
  }
}

/** The answer lists what was replayed, and has at most 6 MB. */
const MAX_OBJECTS = 1000;

/**
 * Reads `{"action":"replay"}` with its optional fields: `filter` (`group`, `from`, `to`, `reason`), `dryRun`, `after` and
 * `maxObjects`.
 * @throws InvalidReplayRequest with everything that is wrong
 */
export function parseReplayRequest(event: unknown): ReplayPageRequest {
  const problems: string[] = [];
  const {
    action,
    filter = {},
    dryRun = false,
    after,
    maxObjects = MAX_OBJECTS,
  } = fields('the event', event, ['action', 'filter', 'dryRun', 'after', 'maxObjects'], problems);
  if (action !== 'replay') problems.push('action must be replay.');
  if (typeof dryRun !== 'boolean') problems.push('dryRun must be true or false.');
  if (after !== undefined && !isKey(after)) problems.push('after must be the next of an answer.');
  if (!isCount(maxObjects)) problems.push(`maxObjects must be a whole number from 1 to ${MAX_OBJECTS}.`);
  const read = parseFilter(filter, problems);
  if (problems.length > 0) throw new InvalidReplayRequest(problems);
  return {
    filter: read,
    dryRun: dryRun === true,
    ...(isKey(after) && { after }),
    maxObjects: isCount(maxObjects) ? maxObjects : MAX_OBJECTS,
  };
}

function parseFilter(value: unknown, problems: string[]): ReplayFilter {
  const filter = fields('filter', value, ['group', 'from', 'to', 'reason'], problems);
  const read: { -readonly [K in keyof ReplayFilter]: ReplayFilter[K] } = {};
  for (const name of ['group', 'reason'] as const) {
    const text = filter[name];
    if (typeof text === 'string' && text) read[name] = text;
    else if (text !== undefined) problems.push(`filter.${name} must be a text.`);
  }
  for (const name of ['from', 'to'] as const) {
    const time = filter[name];
    if (isTime(time)) read[name] = time;
    else if (time !== undefined) problems.push(`filter.${name} must be a time as in 2026-11-23T03:00:00Z.`);
  }
  if (read.from && read.to && Date.parse(read.from) >= Date.parse(read.to))
    problems.push('filter.from must be before filter.to.');
  return read;
}

function fields(
  where: string,
  value: unknown,
  known: readonly string[],
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (!isObject(value)) {
    problems.push(`${where} must be an object.`);
    return {};
  }
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  if (unknown.length > 0) problems.push(`${where} has other fields than ${known.join(', ')}.`);
  return value;
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && (value.startsWith(PARKED) || value.startsWith(FAILED_DELIVERIES));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_OBJECTS;
}

/** With a zone: the time of a place where nobody knows which it is means nothing. */
function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

import type { Invoke } from '../aws/invoke.ts';
import type { ObjectList, Objects } from '../aws/objects.ts';
import { LokiShipperError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { ReplayRequest, ReplayResult } from '../replay.ts';
import type { RegistrarConfig } from './config.ts';
import { type Place, placesOf } from './replay-keys.ts';
import type { ReplayPageRequest } from './replay-request.ts';

/** What became of some objects. */
export interface ReplayPage {
  readonly objects: readonly ReplayResult[];
  /** The `after` with which it goes on; null when there is nothing left. */
  readonly next: string | null;
  /** Objects that are known to be left. */
  readonly remaining: number;
  /** Whether there may be more of them than that. */
  readonly more: boolean;
}

export interface ReplayPageProps extends Pick<RegistrarConfig, 'shipper' | 'shipperTimeoutMs'> {
  readonly objects: Pick<Objects, 'list'>;
  readonly invoke: Invoke;
  /** Milliseconds that this invocation has left. */
  readonly remainingMs: () => number;
}

/** A function answered something else than what became of objects. */
export class UnknownAnswer extends LokiShipperError {
  override readonly name = 'UnknownAnswer';
  constructor(functionName: string) {
    super(`${functionName} does not answer as this version does: both must be of one version of the module.`);
  }
}

/** Of the registrar's time, kept for the answer. */
const RESERVE_MS = 10_000;

/**
 * Has the shipper replay the next objects of the bucket, one after the other, until there are enough, time is short or
 * Loki takes nothing. At least one, so that a registrar with little time goes on too. What goes wrong with one is in its
 * result, and the object stays.
 *
 * @throws StorageFailed when the bucket cannot be listed
 */
export async function replayPage(request: ReplayPageRequest, props: ReplayPageProps): Promise<ReplayPage> {
  const { objects, shipper, shipperTimeoutMs, remainingMs } = props;
  const { filter, maxObjects } = request;
  const hasTime = () => remainingMs() >= shipperTimeoutMs + RESERVE_MS;
  const results: ReplayResult[] = [];

  let cursor = request.after;
  const places = placesFrom(placesOf(shipper, filter), cursor);
  for (const [p, place] of places.entries()) {
    let list: ObjectList;
    do {
      list = await objects.list(place.prefix, startIn(place, cursor));
      const candidates = list.objects.filter(({ key }) => place.mayMatch(key));
      for (const [i, { key }] of candidates.entries()) {
        if (results.length >= maxObjects || (results.length > 0 && !hasTime())) {
          const more = list.more || p + 1 < places.length;
          return { objects: results, next: cursor ?? null, remaining: candidates.length - i, more };
        }
        const result = await replayOne(key, request, props);
        results.push(result);
        cursor = key;
        if (result.blocked) return { objects: results, next: cursor, remaining: candidates.length - i - 1, more: true };
      }
      cursor = list.objects.at(-1)?.key ?? cursor;
      if (list.more && !hasTime()) return { objects: results, next: cursor ?? null, remaining: 0, more: true };
    } while (list.more);
  }
  return { objects: results, next: null, remaining: 0, more: false };
}

function placesFrom(places: readonly Place[], cursor: string | undefined): readonly Place[] {
  if (cursor === undefined) return places;
  return places.slice(
    Math.max(
      0,
      places.findIndex(({ prefix }) => cursor.startsWith(prefix)),
    ),
  );
}

/** The key after which a place is listed. */
function startIn({ prefix, after }: Place, cursor: string | undefined): string | undefined {
  if (!cursor?.startsWith(prefix)) return after;
  return after !== undefined && after > cursor ? after : cursor;
}

async function replayOne(
  key: string,
  { filter, dryRun }: ReplayPageRequest,
  { invoke, shipper }: ReplayPageProps,
): Promise<ReplayResult> {
  const request: ReplayRequest = { key, filter, dryRun };
  try {
    const answer = await invoke(shipper, { replay: request });
    if (!isReplayResult(answer)) throw new UnknownAnswer(shipper);
    return answer;
  } catch (error) {
    if (!(error instanceof LokiShipperError)) throw error;
    return { key, matched: true, lines: 0, stored: 0, refused: {}, bytes: 0, error: error.message, blocked: false };
  }
}

/** Whether an answer of the registrar is a page. */
export function isReplayPage(value: unknown): value is ReplayPage {
  return (
    isObject(value) &&
    Array.isArray(value.objects) &&
    value.objects.every(isReplayResult) &&
    (value.next === null || typeof value.next === 'string') &&
    typeof value.remaining === 'number' &&
    typeof value.more === 'boolean'
  );
}

function isReplayResult(value: unknown): value is ReplayResult {
  return (
    isObject(value) &&
    typeof value.key === 'string' &&
    typeof value.matched === 'boolean' &&
    [value.lines, value.stored, value.bytes].every((count) => typeof count === 'number') &&
    isObject(value.refused) &&
    Object.values(value.refused).every((count) => typeof count === 'number') &&
    (value.error === null || typeof value.error === 'string') &&
    typeof value.blocked === 'boolean'
  );
}

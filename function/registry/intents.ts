import { isObject, isTextRecord, parseJson } from '../json.ts';
import type { Tags } from '../labels/stream.ts';
import { encodeName } from './claims.ts';
import { type State, UNKNOWN } from './state.ts';
import { announce } from './written.ts';

/** What is about to be written to a log group. */
export interface Intent {
  /** Pattern of the filter that it gets; null: it gets none. */
  readonly filterPattern: string | null;
  /** Tags that it gets. */
  readonly tags: Tags;
}

/**
 * Before the keys of intents. They are written before what they announce, and the next run takes them into the state:
 * whoever is killed in the middle, what the registrar wrote is known to be its own.
 */
export const INTENTS = 'registry/intents/';

/** Before the keys of what is done to one group outside of runs, by who has not the lease. */
export function intentsFor(logGroup: string): string {
  return `${INTENTS}group-${encodeName(logGroup)}/`;
}

/** Before the keys of what runs do. */
export const INTENTS_OF_RUNS = `${INTENTS}run-`;

/** @param intents by name of a log group */
export function encodeIntents(intents: ReadonlyMap<string, Intent>): Buffer {
  return Buffer.from(JSON.stringify([...intents]));
}

/** What is no intent is left out. */
export function parseIntents(body: Buffer): ReadonlyMap<string, Intent> {
  const value = parseJson(body.toString());
  return new Map(Array.isArray(value) ? value.filter(isIntent) : []);
}

function isIntent(value: unknown): value is [string, Intent] {
  const [name, intent] = Array.isArray(value) ? value : [];
  if (typeof name !== 'string' || !isObject(intent)) return false;
  const { filterPattern, tags } = intent;
  return (filterPattern === null || typeof filterPattern === 'string') && isTextRecord(tags);
}

/** Takes intents into the state: maybe they were carried out, maybe not. */
export function absorb({ groups }: Pick<State, 'groups'>, intents: ReadonlyMap<string, Intent>): void {
  for (const [name, { filterPattern, tags }] of intents) {
    const entry = groups.get(name) ?? UNKNOWN;
    const written = announce(entry.written, tags);
    const announced = filterPattern === null ? {} : ({ by: 'registrar', filterPattern, seen: false } as const);
    // A problem that it had is out of date, and maybe it was created anew: who announced it saw it last.
    groups.set(name, { ...entry, written, problem: null, createdAt: null, ...announced });
  }
}

import { isObject, isTextRecord, parseJson } from '../json.ts';
import type { Tags } from '../labels/stream.ts';
import { encodeName } from './claims.ts';
import { type State, UNKNOWN } from './state.ts';

/** What is about to be written to a log group. */
export interface Intent {
  /** Whether it gets the filter. */
  readonly filter: boolean;
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
  return (
    typeof name === 'string' && isObject(intent) && typeof intent.filter === 'boolean' && isTextRecord(intent.tags)
  );
}

/** Takes intents into the state: maybe they were carried out, maybe not. */
export function absorb({ groups }: Pick<State, 'groups'>, intents: ReadonlyMap<string, Intent>): void {
  for (const [name, { filter, tags }] of intents) {
    const entry = groups.get(name) ?? UNKNOWN;
    const written = { ...entry.written, ...tags };
    groups.set(name, filter ? { ...entry, written, by: 'registrar', seen: false } : { ...entry, written });
  }
}

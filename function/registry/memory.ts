import type { ListedObject, Objects } from '../aws/objects.ts';
import { Pool } from '../delivery/pool.ts';
import { CLAIMS, type Claim, InvalidClaim, parseClaim } from './claims.ts';
import { absorb, INTENTS, parseIntents } from './intents.ts';
import { parseSelection, SELECTION_KEY, type Selection } from './selection.ts';
import { decodeState, emptyState, STATE_KEY, type State } from './state.ts';

/** Before the keys of all that the registrar keeps. */
export const REGISTRY = 'registry/';

/** What the registrar remembers, and what others asked it for since. */
export interface Memory {
  readonly state: State;
  /** Keys of the intents that the state has in it and the bucket still has, too. */
  readonly intents: readonly string[];
  /** ETags of all its objects, by key. */
  readonly etags: ReadonlyMap<string, string>;
  /** What is wrong with a claim, the first; it does not count, or as it was before. */
  readonly invalid: InvalidClaim | null;
}

const PARALLEL_READS = 8;

/**
 * @returns null when Terraform has written none
 * @throws InvalidSelection, StorageFailed
 */
export async function readSelection(objects: Pick<Objects, 'get'>): Promise<Selection | null> {
  const body = await objects.get(SELECTION_KEY);
  return body ? parseSelection(body.toString()) : null;
}

/** @throws InvalidState, StorageFailed */
export async function readState(objects: Pick<Objects, 'get'>): Promise<State> {
  const body = await objects.get(STATE_KEY);
  return body ? decodeState(body) : emptyState();
}

/**
 * Reads all that there is. Claims that are as they were are not read again.
 * @throws InvalidState, StorageFailed
 */
export async function remember(objects: Pick<Objects, 'get' | 'list'>): Promise<Memory> {
  const state = await readState(objects);
  const listed = await listAll(objects, REGISTRY);
  const claims = listed.filter(({ key }) => key.startsWith(CLAIMS));
  const invalid = await refreshClaims(state, claims, objects);
  const intents = listed.map(({ key }) => key).filter((key) => key.startsWith(INTENTS));
  await readAll(intents, objects, (_, body) => absorb(state, parseIntents(body)));
  return { state, intents, etags: new Map(listed.map(({ key, etag }) => [key, etag])), invalid };
}

export function claimsOf({ claims }: Pick<State, 'claims'>): readonly Claim[] {
  return Array.from(claims.values(), ({ claim }) => claim);
}

/** All objects whose keys have a prefix. */
export async function listAll(objects: Pick<Objects, 'list'>, prefix: string): Promise<readonly ListedObject[]> {
  const listed: ListedObject[] = [];
  for (let more = true; more; ) {
    const page = await objects.list(prefix, listed.at(-1)?.key);
    listed.push(...page.objects);
    more = page.more;
  }
  return listed;
}

/** Reads objects side by side, in no order. One that is gone meanwhile is left out. */
export async function readAll(
  keys: readonly string[],
  objects: Pick<Objects, 'get'>,
  take: (key: string, body: Buffer) => void,
): Promise<void> {
  const pool = new Pool(PARALLEL_READS);
  for (const key of keys)
    await pool.start(async () => {
      const body = await objects.get(key);
      if (body) take(key, body);
    });
  await pool.finish();
}

async function refreshClaims(
  state: State,
  listed: readonly ListedObject[],
  objects: Pick<Objects, 'get'>,
): Promise<InvalidClaim | null> {
  const etags = new Map(listed.map(({ key, etag }) => [key, etag]));
  const claims = new Map([...state.claims].filter(([key]) => etags.has(key)));
  let invalid: InvalidClaim | null = null;
  const changed = [...etags].filter(([key, etag]) => claims.get(key)?.etag !== etag).map(([key]) => key);
  await readAll(changed, objects, (key, body) => {
    try {
      claims.set(key, { etag: etags.get(key) ?? '', claim: parseClaim(key, body) });
    } catch (error) {
      if (!(error instanceof InvalidClaim)) throw error;
      invalid ??= error;
    }
  });
  state.claims = claims;
  return invalid;
}

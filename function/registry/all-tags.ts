import type { Tags } from '../labels/stream.ts';
import type { Account } from './account.ts';
import { type Caller, CallFailed, OutOfTime } from './caller.ts';
import type { State } from './state.ts';

/** Of a hundred groups each: what a run reads of an account with more, the next one goes on with. */
const PAGES = 50;
/** When the place to go on at is forgotten, because runs are rare, one run has to get through. */
const PAGES_AT_ONCE = 1_000;
/** For so long what was read from a group itself is newer than what is read of all of them. */
const NEWER_MS = 10 * 60_000;

/**
 * Reads the tags of all log groups together, and brings what is known of those with an entry up to date. Tags of a group
 * that is not among them stay known: AWS learns of changes late, and leaves out what never had tags.
 *
 * @returns false when it cannot be done, because it is denied or there is no time
 */
export async function readAllTags(state: State, account: Account, caller: Caller): Promise<boolean> {
  const goesOn = state.tagCursor !== null;
  if (await readPages(state, PAGES, account, caller)) return true;
  // The place where the last run stopped is known for 15 minutes only.
  if (!goesOn || !caller.hasTime) return false;
  state.tagCursor = null;
  return readPages(state, PAGES_AT_ONCE, account, caller);
}

async function readPages(
  state: State,
  most: number,
  { taggedGroups, clock }: Account,
  caller: Caller,
): Promise<boolean> {
  try {
    for (let pages = 0; pages < most; pages++) {
      const { groups, next } = await caller.call('tag:GetResources', '', () => taggedGroups(state.tagCursor));
      for (const [name, tags] of groups) learn(state.groups, name, tags, clock.now());
      state.tagCursor = next;
      if (next === null) break;
    }
    return true;
  } catch (error) {
    if (error instanceof CallFailed || error instanceof OutOfTime) return false;
    throw error;
  }
}

function learn(groups: State['groups'], name: string, tags: Tags, now: number): void {
  const entry = groups.get(name);
  if (entry && now - entry.readAt >= NEWER_MS) groups.set(name, { ...entry, tags });
}

import { LokiShipperError } from '../errors.ts';
import type { Account } from './account.ts';
import type { Changes } from './answers.ts';
import { carryOut, type Done, intentOf, isPlan, look, type Plan, type Result } from './bring.ts';
import type { Caller } from './caller.ts';
import { CLAIMS_ON_PREFIXES, type Claim, claimsOn, parseClaim } from './claims.ts';
import { absorb, encodeIntents, intentsFor, parseIntents } from './intents.ts';
import { listAll, readAll, readSelection, readState } from './memory.ts';
import { SELECTION_KEY, type Selection } from './selection.ts';
import { type Entry, UNKNOWN } from './state.ts';
import type { Stocked } from './stock.ts';

/** What is known of one log group, for who acts on it at once, without the lease. */
export interface OneGroup {
  readonly selection: Selection;
  readonly claims: readonly Claim[];
  readonly entry: Entry;
  /** How many log groups are subscribed. */
  readonly subscribed: number;
}

export class NotInstalled extends LokiShipperError {
  override readonly name = 'NotInstalled';
  constructor() {
    super(`${SELECTION_KEY} is not there: the module's terraform apply writes it, and has to be through first.`);
  }
}

/** A log group is not as it was asked for, or not yet. */
export class NotBrought extends LokiShipperError {
  override readonly name = 'NotBrought';
}

/** @throws NotInstalled, InvalidSelection, InvalidState, InvalidClaim, StorageFailed */
export async function readOneGroup(name: string, { objects }: Pick<Account, 'objects'>): Promise<OneGroup> {
  const selection = await readSelection(objects);
  if (!selection) throw new NotInstalled();
  const { groups } = await readState(objects);
  const [onGroup, onPrefixes, intents] = await Promise.all(
    [claimsOn({ kind: 'group', name }), CLAIMS_ON_PREFIXES, intentsFor(name)].map((prefix) => listAll(objects, prefix)),
  );
  const keysOf = (listed: typeof onGroup = []) => listed.map(({ key }) => key);
  const claims: Claim[] = [];
  await readAll([...keysOf(onGroup), ...keysOf(onPrefixes)], objects, (key, body) =>
    claims.push(parseClaim(key, body)),
  );
  await readAll(keysOf(intents), objects, (_, body) => absorb({ groups }, parseIntents(body)));
  let subscribed = 0;
  for (const { by } of groups.values()) if (by) subscribed++;
  return { selection, claims, entry: groups.get(name) ?? UNKNOWN, subscribed };
}

export interface ActProps {
  readonly account: Account;
  readonly caller: Caller;
  /** Of this invocation. */
  readonly requestId: string;
}

/**
 * Looks at a log group and says what has to be done to it. It writes nothing.
 * @param wanted undefined when nobody asks for it any more
 * @returns undefined when nobody asks for it, and it is no more
 * @throws NotBrought
 */
export async function planFor(
  name: string,
  wanted: Stocked | undefined,
  { selection, entry }: Pick<OneGroup, 'selection' | 'entry'>,
  { account, caller }: ActProps,
): Promise<Plan | undefined> {
  const { managedBy, name: filterName } = selection;
  const task = { name, wanted, look: { filter: true, tags: true }, due: true };
  const plan = await look(task, entry, { account, caller, managedBy, filterName });
  if (isPlan(plan)) return plan;
  expectDone(plan);
  return undefined;
}

/**
 * Writes what was planned, and before it that it will be: the next run takes it into the state.
 * @throws NotBrought, StorageFailed
 */
export async function act(
  plan: Plan,
  { managedBy, name: filterName }: Selection,
  { account, caller, requestId }: ActProps,
): Promise<Changes> {
  const { name } = plan.task;
  const intent = intentOf(plan);
  if (intent)
    await account.objects.put(`${intentsFor(name)}${requestId}.json`, encodeIntents(new Map([[name, intent]])), {
      contentType: 'application/json',
    });
  const result = await carryOut(plan, { account, caller, managedBy, filterName });
  expectDone(result);
  return changesOf(name, result.done);
}

function expectDone({ name, entry, unfinished }: Result): void {
  if (unfinished)
    throw new NotBrought(`AWS allows too few calls at the moment to see to log group ${name}: try again.`);
  if (entry?.problem) throw new NotBrought(entry.problem.message);
}

/** What a plan will change. */
export function announcedBy({ task, effects: { put, remove, tag, untag } }: Plan): Changes {
  return changesOf(task.name, {
    ...(put !== null && { subscribed: true }),
    ...(remove && { unsubscribed: true }),
    ...(Object.keys(tag).length > 0 && { tagged: true }),
    ...(untag.length > 0 && { untagged: true }),
  });
}

export const NO_CHANGES: Changes = { subscribed: [], unsubscribed: [], tagged: [], untagged: [] };

function changesOf(name: string, done: Done): Changes {
  const names = (is: true | undefined) => (is ? [name] : []);
  return {
    subscribed: names(done.subscribed),
    unsubscribed: names(done.unsubscribed),
    tagged: names(done.tagged),
    untagged: names(done.untagged),
  };
}

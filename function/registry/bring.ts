import type { Tags } from '../labels/stream.ts';
import type { Account } from './account.ts';
import type { GroupProblem } from './answers.ts';
import { type Caller, CallFailed, OutOfTime } from './caller.ts';
import { type Circumstances, decide, type Effects, type Observation, ownTags, type SeenFilter } from './decide.ts';
import type { Intent } from './intents.ts';
import { hasFailed, hasForeignFilter, hasTooManyFilters, isMissing } from './problems.ts';
import { type Entry, UNKNOWN } from './state.ts';
import type { Task } from './tasks.ts';
import { announce, confirm } from './written.ts';

export interface BringProps extends Omit<Circumstances, 'mayAdd' | 'now'> {
  readonly account: Account;
  readonly caller: Caller;
  /** Of our filters. */
  readonly filterName: string;
}

/** A log group that was looked at, and what has to be written to it. */
export interface Plan {
  readonly task: Task;
  /** What is known before the effects. */
  readonly entry: Entry;
  readonly effects: Effects;
  readonly problem: GroupProblem | null;
}

/** How far a log group was brought to what is wanted. */
export interface Result {
  readonly name: string;
  /** What is known now; null when it is to be forgotten. */
  readonly entry: Entry | null;
  readonly done: Done;
  /** Whether time ended before it was through. */
  readonly unfinished: boolean;
}

export interface Done {
  readonly subscribed?: true;
  readonly unsubscribed?: true;
  readonly tagged?: true;
  readonly untagged?: true;
}

/**
 * Looks at a log group and says what has to be done. It writes nothing.
 * @returns a result when there is nothing more to do
 */
export async function look(task: Task, before: Entry, props: BringProps): Promise<Plan | Result> {
  const { name, wanted } = task;
  try {
    const observed = await observe(task, before, props);
    if (!observed) return gone(task, props);
    const { entry, effects } = judge(task, before, observed, props);
    const isForeign = wanted && observed.filter?.kind === 'foreign' ? observed.filter : undefined;
    const problem = isForeign ? hasForeignFilter(name, props.filterName, isForeign) : null;
    return { task, entry, effects, problem };
  } catch (error) {
    return failed(task, before, error, props);
  }
}

export function isPlan(value: Plan | Result): value is Plan {
  return 'task' in value;
}

/** What a plan is about to write, so that it can be known to be ours; undefined when that is nothing. */
export function intentOf({ effects: { put, tag } }: Plan): Intent | undefined {
  return put !== null || Object.keys(tag).length > 0 ? { filterPattern: put, tags: tag } : undefined;
}

/** Writes what was planned: tags while there is no filter, so that no line comes without them. */
export async function carryOut(plan: Plan, props: BringProps): Promise<Result> {
  const { task, effects, problem } = plan;
  const { name, wanted } = task;
  const { account, caller, filterName } = props;
  const { now } = account.clock;
  let entry = plan.entry;
  let done: Done = {};
  try {
    if (effects.remove) {
      await caller.call('logs:DeleteSubscriptionFilter', name, () => removeFilter(account, name, filterName));
      done = { ...done, unsubscribed: true };
    }
    if (Object.keys(effects.tag).length > 0) {
      await caller.call('logs:TagResource', name, () => account.tags.write(name, effects.tag));
      entry = { ...withTags(entry, effects.tag, now()), written: confirm(entry.written, effects.tag) };
      done = { ...done, tagged: true };
    }
    if (effects.untag.length > 0) {
      await caller.call('logs:UntagResource', name, () => account.tags.remove(name, effects.untag));
      entry = withoutTags(entry, effects.untag, now());
      done = { ...done, untagged: true };
    }
    const pattern = effects.put;
    if (pattern !== null) {
      const filter = { destination: account.shipper, pattern };
      await caller.call('logs:PutSubscriptionFilter', name, () => account.filters.put(name, filterName, filter));
      entry = { ...entry, by: 'registrar', filterPattern: pattern, seen: true };
      done = { ...done, subscribed: true };
    }
  } catch (error) {
    return { ...failed(task, announced(entry, plan), error, props), done };
  }
  if (!wanted) return { name, entry: null, done, unfinished: false };
  const own = ownTags(wanted, entry.by);
  const written = entry.by ? only(entry.written, (key) => Object.hasOwn(own, key)) : entry.written;
  return { ...ended(name, { ...entry, written }, problem, props), done };
}

/** @returns undefined when there is no such log group */
async function observe(task: Task, before: Entry, props: BringProps): Promise<Observation | undefined> {
  const { name, look } = task;
  const { account, caller } = props;
  const readTags = () => caller.call('logs:ListTagsForResource', name, () => account.tags.read(name));
  try {
    const filter = look.filter ? await seeFilter(name, props) : undefined;
    const seen: Observation = filter ? { filter } : {};
    const { effects } = judge(task, before, seen, props);
    const isToBeRead = look.tags || effects.put !== null || writesTags(effects);
    if (!isToBeRead) return seen;
    const tags = await readTags();
    return tags && { ...seen, tags };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function seeFilter(name: string, { account, caller, filterName }: BringProps): Promise<SeenFilter> {
  const filter = await caller.call('logs:DescribeSubscriptionFilters', name, () =>
    account.filters.read(name, filterName),
  );
  if (!filter) return { kind: 'none' };
  const { destination, pattern } = filter;
  return destination === account.shipper ? { kind: 'ours', pattern } : { kind: 'foreign', destination };
}

function judge({ wanted }: Task, before: Entry, observed: Observation, { managedBy, account }: BringProps) {
  return decide(before, wanted, observed, {
    managedBy,
    mayAdd: wanted?.mayAdd ?? false,
    now: account.clock.now(),
  });
}

function writesTags({ tag, untag }: Effects): boolean {
  return Object.keys(tag).length > 0 || untag.length > 0;
}

/** A filter that is no more needs no removal. */
async function removeFilter({ filters }: Account, name: string, filterName: string): Promise<void> {
  try {
    await filters.remove(name, filterName);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
  }
}

/** As after an intent of which nobody knows whether it was carried out. */
function announced(entry: Entry, { effects: { put, tag } }: Plan): Entry {
  const written = announce(entry.written, tag);
  return put === null ? { ...entry, written } : { ...entry, written, by: 'registrar', seen: false };
}

function failed(task: Task, entry: Entry, error: unknown, props: BringProps): Result {
  const { name } = task;
  if (error instanceof OutOfTime) return { name, entry, done: {}, unfinished: true };
  if (isGone(error)) return gone(task, props);
  if (!(error instanceof CallFailed)) throw error;
  if (error.action === 'logs:PutSubscriptionFilter' && error.reason === 'LimitExceededException')
    return ended(name, { ...entry, by: null, filterPattern: null, seen: true }, hasTooManyFilters(name), props);
  return ended(name, { ...entry, seen: false }, hasFailed(name, error), props);
}

/** Of a log group that is no more, nothing is true that was known. */
function gone({ name, wanted }: Task, props: BringProps): Result {
  if (!wanted) return { name, entry: null, done: {}, unfinished: false };
  return ended(name, UNKNOWN, isMissing(name, props.account.region), props);
}

function ended(name: string, entry: Entry, problem: GroupProblem | null, { account }: BringProps): Result {
  const at = account.clock.now();
  return {
    name,
    entry: { ...entry, problem: problem && { problem: problem.problem, message: problem.message, at } },
    done: {},
    unfinished: false,
  };
}

function isGone(error: unknown): boolean {
  return error instanceof CallFailed && error.reason === 'ResourceNotFoundException';
}

function withTags(entry: Entry, tags: Tags, readAt: number): Entry {
  return { ...entry, tags: { ...entry.tags, ...tags }, readAt };
}

function withoutTags(entry: Entry, keys: readonly string[], readAt: number): Entry {
  const remains = (key: string) => !keys.includes(key);
  return { ...entry, tags: only(entry.tags ?? {}, remains), written: only(entry.written, remains), readAt };
}

function only<T>(of: Readonly<Record<string, T>>, isKept: (key: string) => boolean): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(of).filter(([key]) => isKept(key)));
}

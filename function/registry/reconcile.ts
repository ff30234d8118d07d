import { createHash } from 'node:crypto';
import type { LogGroup } from '../aws/log-groups.ts';
import { LokiShipperError } from '../errors.ts';
import { CATALOGUE_KEY, encodeCatalogue } from '../labels/catalogue.ts';
import type { Tags } from '../labels/stream.ts';
import type { Account } from './account.ts';
import { readAllTags } from './all-tags.ts';
import type { GroupProblem, Reconciliation } from './answers.ts';
import { Caller } from './caller.ts';
import { discover } from './discover.ts';
import { exclusively } from './exclusive.ts';
import { Journal } from './journal.ts';
import { claimsOf, type Memory, readSelection, remember } from './memory.ts';
import { SELECTION_KEY, type Selection } from './selection.ts';
import type { State } from './state.ts';
import { type Stock, takeStock } from './stock.ts';
import { planTasks, type Task } from './tasks.ts';
import { type Outcome, work } from './work.ts';

export interface RunProps {
  readonly account: Account;
  /** Of this invocation. */
  readonly requestId: string;
  /** When the run has to end, in milliseconds since 1970. */
  readonly deadline: number;
  /** When the invocation ends in any case, in milliseconds since 1970. */
  readonly end: number;
  /** Whether Terraform asks, and waits. */
  readonly asked: boolean;
}

/** So long Terraform waits for another run: most take less. */
export const PATIENCE_MS = 15_000;
/** Names and problems in an answer, which Terraform keeps in its state. */
const MOST_NAMED = 1_000;

/** An answer but for its time. */
type Answer = Omit<Reconciliation, 'at'>;

export const NOTHING_DONE: Answer = {
  ok: true,
  error: null,
  skipped: null,
  groups: 0,
  subscribed: [],
  unsubscribed: [],
  tagged: [],
  untagged: [],
  problems: [],
  remaining: 0,
};

/**
 * Brings all log groups to what is wanted, as far as time allows: the next run goes on. To run twice, or to be killed in
 * the middle, does no harm. What goes wrong is in the answer.
 */
export async function reconcile(props: RunProps): Promise<Reconciliation> {
  const answer = await answerTo(props);
  return { at: new Date(props.account.clock.now()).toISOString(), ...answer };
}

async function answerTo(props: RunProps): Promise<Answer> {
  try {
    const answer = await exclusively({ ...props, patienceMs: props.asked ? PATIENCE_MS : 0 }, () => run(props));
    return answer ?? { ...NOTHING_DONE, skipped: 'Another run is under way.' };
  } catch (error) {
    return { ...NOTHING_DONE, ok: false, error: messageOf(error) };
  }
}

async function run(props: RunProps): Promise<Answer> {
  const { account, requestId, asked } = props;
  const { objects, clock } = account;
  const selection = await readSelection(objects);
  if (!selection) {
    const missing = `${SELECTION_KEY} is not there: terraform apply writes it.`;
    return asked ? { ...NOTHING_DONE, ok: false, error: missing } : { ...NOTHING_DONE, skipped: missing };
  }
  const memory = await remember(objects);
  const { state, intents } = memory;
  const journal = new Journal({ objects, state, requestId, intents });
  const at = new Date(clock.now()).toISOString();
  try {
    const answer = await converge(selection, memory, journal, props);
    state.run = { at, remaining: answer.remaining, error: answer.error };
    return answer;
  } catch (error) {
    state.run = { at, remaining: state.run?.remaining ?? 0, error: messageOf(error) };
    throw error;
  } finally {
    await journal.save();
  }
}

async function converge(
  selection: Selection,
  memory: Memory,
  { announce, save }: Journal,
  { account, deadline, asked }: RunProps,
): Promise<Answer> {
  const { state } = memory;
  const { region, clock } = account;
  const { managedBy, name: filterName } = selection;
  const caller = new Caller(clock, deadline);

  const found = await discover(account, caller, state.found);
  state.found = found.size;
  state.filterName = filterName;
  const stock = takeStock(state.groups, {
    selection,
    claims: claimsOf(state),
    found,
    asked,
    region,
    now: clock.now(),
  });
  const oneByOne = !(await readAllTags(state, account, caller));
  const { wanted } = stock;
  const tasks = planTasks(state, { managedBy, wanted, oneByOne, now: clock.now() });
  const { due, retried, read, verified } = tasks;
  const props = { account, caller, filterName, managedBy, announce, save };
  const outcome = await work([...due, ...retried, ...read, ...verified], state.groups, props);
  state.verified = lastOf(verified, outcome) ?? state.verified;
  state.read = lastOf(read, outcome) ?? state.read;
  await publish(memory, stock, account);
  const unmatched = asked && !selection.follow ? selection.prefixes.filter((prefix) => !finds(prefix, found)) : [];
  return answerOf(selection, memory, stock, outcome, due, unmatched);
}

function finds(prefix: string, found: ReadonlyMap<string, LogGroup>): boolean {
  for (const name of found.keys()) if (name.startsWith(prefix)) return true;
  return false;
}

/** The last name of tasks that were done in order. */
function lastOf(tasks: readonly Task[], { done }: Outcome): string | undefined {
  return tasks.findLast(({ name }) => done.has(name))?.name;
}

/**
 * Writes the catalogue, if it is another than before. Groups whose tags nobody has read yet are not in it: the shipper
 * asks for them itself.
 */
async function publish({ state, etags }: Memory, { wanted }: Stock, account: Account): Promise<void> {
  const groups = new Map<string, Tags>();
  for (const name of wanted.keys()) {
    const tags = state.groups.get(name)?.tags;
    if (tags) groups.set(name, tags);
  }
  const body = encodeCatalogue({ account: account.account, region: account.region, groups });
  const hash = createHash('sha256').update(body).digest('hex');
  const etag = etags.get(CATALOGUE_KEY);
  const { catalogue } = state;
  // Nobody else writes it, so what is found first after a change is what was written.
  if (etag !== undefined && hash === catalogue?.hash && [null, etag].includes(catalogue.etag)) {
    state.catalogue = { hash, etag };
    return;
  }
  await account.objects.put(CATALOGUE_KEY, body, { contentType: 'application/x-ndjson', contentEncoding: 'gzip' });
  state.catalogue = { hash, etag: null };
}

function answerOf(
  { maxLogGroups }: Selection,
  { state, invalid }: Memory,
  { selected }: Stock,
  outcome: Outcome,
  due: readonly Task[],
  unmatched: readonly string[],
): Answer {
  const problems = problemsOf(state);
  const error =
    tooMany(selected, maxLogGroups) ?? nothingUnder(unmatched) ?? failures(problems) ?? invalid?.message ?? null;
  return {
    ok: error === null,
    error,
    skipped: null,
    groups: selected,
    subscribed: outcome.subscribed.slice(0, MOST_NAMED),
    unsubscribed: outcome.unsubscribed.slice(0, MOST_NAMED),
    tagged: outcome.tagged.slice(0, MOST_NAMED),
    untagged: outcome.untagged.slice(0, MOST_NAMED),
    problems: problems.slice(0, MOST_NAMED),
    remaining: due.filter(({ name }) => !outcome.done.has(name)).length,
  };
}

function problemsOf({ groups }: State): readonly GroupProblem[] {
  const problems: GroupProblem[] = [];
  for (const [logGroup, { problem }] of groups)
    if (problem) problems.push({ logGroup, problem: problem.problem, message: problem.message });
  return problems.sort((a, b) => (a.logGroup < b.logGroup ? -1 : 1));
}

function tooMany(selected: number, most: number): string | undefined {
  if (selected <= most) return undefined;
  return `${selected} log groups are selected, and max_log_groups is ${most}: nothing new was subscribed. Select fewer, or allow for more.`;
}

function nothingUnder(prefixes: readonly string[]): string | undefined {
  if (prefixes.length === 0) return undefined;
  return `log_group_prefixes find no log group with ${prefixes.join(', ')}: correct it, or set follow_log_groups, so that what is born later under it is shipped.`;
}

function failures(problems: readonly GroupProblem[]): string | undefined {
  const failed = problems.filter(({ problem }) => problem === 'failed');
  if (!failed[0]) return undefined;
  const count = failed.length === 1 ? '1 log group is' : `${failed.length} log groups are`;
  return `${count} not as wanted, because a call to AWS failed: ${failed[0].message}`;
}

/** @throws what is no error of ours */
function messageOf(error: unknown): string {
  if (error instanceof LokiShipperError) return error.message;
  throw error;
}

import { type LogGroup, STANDARD } from '../aws/log-groups.ts';
import type { GroupProblem } from './answers.ts';
import type { Claim } from './claims.ts';
import { hasWrongClass, isMissing } from './problems.ts';
import type { Selection } from './selection.ts';
import { type Entry, type State, UNKNOWN } from './state.ts';
import { type Wanted, wants } from './wanted.ts';

export interface StockProps {
  readonly selection: Selection;
  readonly claims: readonly Claim[];
  /** All log groups that there are. */
  readonly found: ReadonlyMap<string, LogGroup>;
  /** Whether Terraform asks, with what is there now: then `follow` does not matter. */
  readonly asked: boolean;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Log groups that are wanted, there, and can be subscribed to. */
export interface Stock {
  readonly wanted: ReadonlyMap<string, Stocked>;
  /** How many that would be without `max_log_groups`. */
  readonly selected: number;
}

export interface Stocked extends Wanted {
  /** Whether it may get a filter that it never had. */
  readonly mayAdd: boolean;
}

/** For so long a group whose filter is no longer Terraform's is looked at again and again: an apply may take that. */
const UNSETTLED_MS = 15 * 60_000;

/**
 * Compares what is wanted with what there is, and brings what is remembered up to date: new groups get an entry, those
 * that were created anew a fresh one, those that are no more lose theirs.
 */
export function takeStock(groups: State['groups'], props: StockProps): Stock {
  const { selection, claims, found, region, now } = props;
  const wantedOf = wants(selection, claims);
  const wanted = new Map<string, Stocked>();
  for (const [name, entry] of groups)
    if (!found.has(name) || isAnother(entry, found.get(name)) || isOnlyReported(entry)) groups.delete(name);
  for (const [name, group] of found) {
    const asked = wantedOf(name);
    const stocked = asked && asFollowed(asked, groups.get(name), props);
    if (!stocked) continue;
    if (group.logClass === STANDARD) wanted.set(name, stocked);
    else setProblem(groups, hasWrongClass(group), now);
  }
  for (const name of [...selection.logGroups.keys(), ...claimedGroups(claims)])
    if (!found.has(name) && wantedOf(name)) setProblem(groups, isMissing(name, region), now);

  const selected = wanted.size;
  if (selected > selection.maxLogGroups) keepSubscribed(wanted, groups);
  for (const [name, { ofTerraform }] of wanted)
    groups.set(name, brought(groups.get(name), ofTerraform, found.get(name)?.createdAt ?? null, now));
  return { wanted, selected };
}

/**
 * A group that only a prefix of the module asks for. Without `follow`, the registrar as manager takes those that are there
 * when Terraform asks; where Terraform manages, it only sees after those that Terraform subscribed.
 */
function asFollowed(wanted: Wanted, entry: Entry | undefined, { selection, asked }: StockProps): Stocked | undefined {
  if (!wanted.onlyByPrefix || selection.follow) return { ...wanted, mayAdd: true };
  if (selection.managedBy === 'terraform') return { ...wanted, mayAdd: false };
  return asked || entry ? { ...wanted, mayAdd: true } : undefined;
}

/** Whether a group was deleted and created again since it was seen. */
function isAnother({ createdAt }: Entry, group: LogGroup | undefined): boolean {
  return createdAt !== null && typeof group?.createdAt === 'number' && createdAt !== group.createdAt;
}

/** With too many groups, only those stay that are subscribed. */
function keepSubscribed(wanted: Map<string, Stocked>, groups: State['groups']): void {
  for (const [name, stocked] of wanted)
    if (groups.get(name)?.by) wanted.set(name, { ...stocked, mayAdd: false });
    else wanted.delete(name);
}

function brought(entry: Entry = UNKNOWN, ofTerraform: boolean, createdAt: number | null, now: number): Entry {
  const isOther = entry !== UNKNOWN && entry.ofTerraform !== ofTerraform;
  return {
    ...entry,
    ofTerraform,
    unsettledUntil: isOther ? now + UNSETTLED_MS : entry.unsettledUntil,
    createdAt: createdAt ?? entry.createdAt,
  };
}

/** The entry of a group that is asked for and cannot be subscribed to: whether that is still so, the list of groups says. */
export function isOnlyReported({ problem }: Entry): boolean {
  return problem?.problem === 'missing' || problem?.problem === 'log_class';
}

/** Nothing of what was known is true of a group that cannot be subscribed to. */
function setProblem(groups: State['groups'], { logGroup, problem, message }: GroupProblem, now: number): void {
  groups.set(logGroup, { ...UNKNOWN, problem: { problem, message, at: now } });
}

function claimedGroups(claims: readonly Claim[]): readonly string[] {
  return claims.filter(({ target }) => target.kind === 'group').map(({ target }) => target.name);
}

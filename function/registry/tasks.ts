import type { Tags } from '../labels/stream.ts';
import { leftOver, tagsToWrite } from './decide.ts';
import type { Selection } from './selection.ts';
import type { Entry, State } from './state.ts';
import { isOnlyReported, type Stocked } from './stock.ts';

/** A log group that has to be looked at. */
export interface Task {
  readonly name: string;
  /** Undefined when nobody asks for it any more. */
  readonly wanted: Stocked | undefined;
  /** What is looked at. Tags are also read where that turns out to be needed. */
  readonly look: { readonly filter: boolean; readonly tags: boolean };
  /** Whether there is something to be done, as far as is known; else it is looked at to be sure. */
  readonly due: boolean;
}

/** What a run looks at, in this order. */
export interface Tasks {
  readonly due: readonly Task[];
  /** Groups with a problem that somebody else has to solve: maybe it is. */
  readonly retried: readonly Task[];
  /** Groups whose tags are read one by one. */
  readonly read: readonly Task[];
  /** Groups that are known to be right: maybe somebody changed them. */
  readonly verified: readonly Task[];
}

export interface TasksProps extends Pick<Selection, 'managedBy'> {
  readonly wanted: ReadonlyMap<string, Stocked>;
  /** Whether the tags of all groups could not be read together. */
  readonly oneByOne: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** So many in a run. */
const VERIFIED = 20;
const RETRIED = 20;
const READ = 300;

/** What there is to do, as far as is known, and what may have changed without anybody saying so. */
export function planTasks(state: Pick<State, 'groups' | 'verified' | 'read'>, props: TasksProps): Tasks {
  const { groups } = state;
  const { wanted, oneByOne } = props;
  const due = new Map<string, Task>();
  const add = (task: Task) => due.set(task.name, task);

  for (const [name, stocked] of wanted) {
    const entry = groups.get(name);
    const look = entry && lookAt(entry, stocked, props.now);
    if (look?.filter || look?.tags) add({ name, wanted: stocked, look, due: true });
  }
  for (const [name, entry] of groups) {
    if (wanted.has(name) || isOnlyReported(entry)) continue;
    const isOurs = entry.by === 'registrar' || (entry.by !== null && props.managedBy === 'registrar');
    const look = { filter: isOurs, tags: Object.keys(entry.written).length > 0 };
    add({ name, wanted: undefined, look, due: true });
  }

  const rest = [...wanted.keys()].filter((name) => !due.has(name)).sort();
  const check = (name: string, look: Task['look']): Task => ({ name, wanted: wanted.get(name), look, due: false });
  const isStuck = (name: string) => groups.get(name)?.problem != null;
  const at = (name: string) => groups.get(name)?.problem?.at ?? 0;
  const stuck = rest.filter(isStuck).sort((a, b) => at(a) - at(b));
  const healthy = rest.filter((name) => !isStuck(name));
  const both = { filter: true, tags: true };
  const verified = nextOf(healthy, state.verified, VERIFIED);
  const read = oneByOne ? nextOf(healthy, state.read, READ).filter((name) => !verified.includes(name)) : [];
  return {
    due: [...due.values()],
    retried: stuck.slice(0, RETRIED).map((name) => check(name, both)),
    read: read.map((name) => check(name, { filter: false, tags: true })),
    verified: verified.map((name) => check(name, both)),
  };
}

/** What has to be looked at of a group that is wanted, because something is to be done or not known. */
function lookAt(entry: Entry, wanted: Stocked, now: number): Task['look'] {
  const { by, seen, filterPattern, problem } = entry;
  if (!seen || problem?.problem === 'failed') return { filter: true, tags: true };
  const isOther = by === 'registrar' && filterPattern !== wanted.filterPattern;
  const isLacking = by === null && wanted.mayAdd && problem === null;
  const isUnsettled = entry.unsettledUntil > now;
  return {
    filter: isOther || isLacking || isUnsettled,
    tags: by !== null && (isUnsettled || entry.tags === null || !hasItsTags(entry, entry.tags, wanted)),
  };
}

function hasItsTags(entry: Entry, tags: Tags, wanted: Stocked): boolean {
  return (
    Object.keys(tagsToWrite(entry, tags, wanted)).length === 0 && leftOver(entry.written, tags, wanted).length === 0
  );
}

/** The names that follow on one, and then from the beginning. */
function nextOf(names: readonly string[], after: string, most: number): readonly string[] {
  const later = names.filter((name) => name > after);
  return [...later, ...names.slice(0, names.length - later.length)].slice(0, most);
}

import type { Changes } from './answers.ts';
import { type BringProps, carryOut, intentOf, isPlan, look, type Plan, type Result } from './bring.ts';
import { absorb, type Intent } from './intents.ts';
import { type State, UNKNOWN } from './state.ts';
import type { Task } from './tasks.ts';

export interface WorkProps extends BringProps {
  /** Writes what is about to be done, before it is done. */
  readonly announce: (intents: ReadonlyMap<string, Intent>) => Promise<void>;
  /** Writes what was done so far. */
  readonly save: () => Promise<void>;
}

/** What became of tasks. */
export interface Outcome extends Changes {
  /** Names whose task is done, in the order of the tasks, with or without success. */
  readonly done: ReadonlySet<string>;
}

/**
 * Groups at a time: while one part is written, the next is looked at. Small, so that something is written soon when
 * there is little time.
 */
const PART = 20;
/** Tasks after which the state is written. */
const SAVE_AFTER = 200;
/** With so many failures, what is wrong is not the group. */
const MOST_FAILURES = 20;

/**
 * Brings log groups to what is wanted, in order, until time ends or too much fails. What is known of them in the state
 * keeps up with it.
 */
export async function work(tasks: readonly Task[], groups: State['groups'], props: WorkProps): Promise<Outcome> {
  const results: Result[] = [];
  const parts = partsOf(tasks);
  let failures = 0;
  let unsaved = 0;
  let next = lookAtAll(parts[0], groups, props);
  for (let i = 0; i < parts.length; i++) {
    const looked = await next;
    const goesOn = failures < MOST_FAILURES && props.caller.hasTime;
    next = lookAtAll(goesOn ? parts[i + 1] : undefined, groups, props);
    // Kept even while the rest still looks, so that a failure here is nobody else's.
    next.catch(() => undefined);
    const done = await finish(looked, groups, props);
    for (const { name, entry } of done)
      if (entry) groups.set(name, entry);
      else groups.delete(name);
    results.push(...done);
    failures += done.filter(({ entry }) => entry?.problem?.problem === 'failed').length;
    unsaved += done.length;
    if (!goesOn) break;
    if (unsaved >= SAVE_AFTER && i + 1 < parts.length) {
      await props.save();
      unsaved = 0;
    }
  }
  return outcomeOf(results);
}

function partsOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  return Array.from({ length: Math.ceil(tasks.length / PART) }, (_, i) => tasks.slice(i * PART, (i + 1) * PART));
}

async function lookAtAll(tasks: readonly Task[] = [], groups: State['groups'], props: WorkProps) {
  return Promise.all(tasks.map((task) => look(task, groups.get(task.name) ?? UNKNOWN, props)));
}

async function finish(looked: readonly (Plan | Result)[], groups: State['groups'], props: WorkProps) {
  const intents = new Map<string, Intent>();
  for (const plan of looked.filter(isPlan)) {
    const intent = intentOf(plan);
    if (intent) intents.set(plan.task.name, intent);
  }
  if (intents.size > 0) await props.announce(intents);
  absorb({ groups }, intents);
  return Promise.all(looked.map((looked) => (isPlan(looked) ? carryOut(looked, props) : looked)));
}

function outcomeOf(results: readonly Result[]): Outcome {
  const namesOf = (kind: keyof Result['done']) => results.filter(({ done }) => done[kind]).map(({ name }) => name);
  return {
    done: new Set(results.filter(({ unfinished }) => !unfinished).map(({ name }) => name)),
    subscribed: namesOf('subscribed'),
    unsubscribed: namesOf('unsubscribed'),
    tagged: namesOf('tagged'),
    untagged: namesOf('untagged'),
  };
}

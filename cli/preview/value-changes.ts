import { BUILT_IN_LABELS } from '../../function/labels/policy.ts';
import { numberText } from '../number-text.ts';
import { hiddenText } from './hidden-text.ts';
import { code, folded, some, table } from './markdown-text.ts';
import type { GroupChange, GroupState, Told } from './report.ts';

/** More rows than these are folded. */
const UNFOLDED = 10;
/** In a row. */
const GROUPS = 3;

type Shown = Told<string> | undefined;

/** A label, or a tag, that becomes another one. */
export interface ValueChange {
  readonly name: string;
  readonly before: Shown;
  readonly after: Shown;
  /** Those of which it does. */
  readonly logGroups: readonly string[];
}

/**
 * The labels that groups get, and those that become others, each change once. A group that is new has none for what only
 * repeats its name and place.
 */
export function labelChanges(changes: readonly GroupChange[]): readonly ValueChange[] {
  return valueChanges(changes, ({ labels }) => labels).flatMap((change) => {
    if (change.before !== undefined) return [change];
    const logGroups = change.logGroups.filter((logGroup) => !isOfName(change.name, logGroup, change.after));
    return logGroups.length > 0 ? [{ ...change, logGroups }] : [];
  });
}

/** The same of the tags that the plan puts on groups. */
export function tagChanges(changes: readonly GroupChange[]): readonly ValueChange[] {
  return valueChanges(changes, ({ tags }) => tags);
}

/** @param rows how many are shown */
export function valueChangesTable(title: string, changes: readonly ValueChange[], rows: number): string {
  if (changes.length === 0) return '';
  const cells = changes
    .slice(0, rows)
    .map(({ name, before, after, logGroups }) => [code(name), text(before), text(after), some(logGroups, GROUPS)]);
  const left = changes.length - rows;
  const more = left > 0 ? `\n\n${numberText(left)} more: --json has all of them.` : '';
  const content = table([title, 'Before', 'After', 'Log groups'], cells) + more;
  return changes.length > UNFOLDED ? folded(`${numberText(changes.length)} changes`, content) : content;
}

/** By name, and then by what they are before and after. */
function valueChanges(
  changes: readonly GroupChange[],
  valuesOf: (state: GroupState) => Readonly<Record<string, Told<string>>> | null,
): readonly ValueChange[] {
  const found = new Map<string, ValueChange & { readonly logGroups: string[] }>();
  for (const { logGroup, before, after } of changes) {
    const [was, is] = [before && valuesOf(before), after && valuesOf(after)];
    if (!is || (before && !was)) continue;
    for (const name of new Set([...Object.keys(was ?? {}), ...Object.keys(is)])) {
      const change = { name, before: was?.[name], after: is[name] };
      if (isSame(change.before, change.after)) continue;
      const key = JSON.stringify([name, change.before ?? null, change.after ?? null]);
      const same = found.get(key);
      if (same) same.logGroups.push(logGroup);
      else found.set(key, { ...change, logGroups: [logGroup] });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

function isOfName(label: string, logGroup: string, value: Shown): boolean {
  if (label === 'service_name') return value === logGroup.slice(logGroup.lastIndexOf('/') + 1);
  return (BUILT_IN_LABELS as readonly string[]).includes(label);
}

function isSame(before: Shown, after: Shown): boolean {
  if (typeof before !== 'object' || typeof after !== 'object') return before === after;
  return before.hidden === after.hidden;
}

function text(value: Shown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? code(value) : hiddenText(value.hidden);
}

import { BUILT_IN_LABELS } from '../../function/labels/policy.ts';
import { numberText } from '../number-text.ts';
import { hiddenText } from './hidden-text.ts';
import { code, folded, some, table } from './markdown-text.ts';
import type { GroupChange, Told } from './report.ts';

/** More rows than these are folded. */
const UNFOLDED = 10;
/** In a row. */
const GROUPS = 3;

type Shown = Told<string> | undefined;

interface Row {
  readonly label: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly logGroups: string[];
}

/**
 * The labels that groups get, and those that become others, each change once with the groups that have it. A group that
 * is new has no row for what only repeats its name and place.
 */
export function labelsMarkdown(changes: readonly GroupChange[], rows: number): string {
  const all = sortedRows(changes);
  if (all.length === 0) return '';
  const cells = all
    .slice(0, rows)
    .map(({ label, before, after, logGroups }) => [code(label), text(before), text(after), some(logGroups, GROUPS)]);
  const left = all.length - rows;
  const more = left > 0 ? `\n\n${numberText(left)} more: --json has all of them.` : '';
  const content = table(['Label', 'Before', 'After', 'Log groups'], cells) + more;
  return all.length > UNFOLDED ? folded(`${numberText(all.length)} changes`, content) : content;
}

const sorted = new WeakMap<readonly GroupChange[], readonly Row[]>();

/** Made once, however often a report is rendered until it is short enough. */
function sortedRows(changes: readonly GroupChange[]): readonly Row[] {
  let rows = sorted.get(changes);
  if (!rows) {
    rows = Array.from(rowsOf(changes))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => row);
    sorted.set(changes, rows);
  }
  return rows;
}

function rowsOf(changes: readonly GroupChange[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const { logGroup, before, after } of changes) {
    const [was, is] = [before?.labels, after?.labels];
    if (!is || (before && !was)) continue;
    for (const label of new Set([...Object.keys(was ?? {}), ...Object.keys(is)])) {
      const change = { label, before: was?.[label], after: is[label] };
      if (!before && isOfName(label, logGroup, change.after)) continue;
      if (isSame(change.before, change.after)) continue;
      const key = sortKey(change);
      const row = rows.get(key);
      if (row) row.logGroups.push(logGroup);
      else rows.set(key, { ...change, logGroups: [logGroup] });
    }
  }
  return rows;
}

function isOfName(label: string, logGroup: string, value: Shown): boolean {
  if (label === 'service_name') return value === logGroup.slice(logGroup.lastIndexOf('/') + 1);
  return (BUILT_IN_LABELS as readonly string[]).includes(label);
}

function isSame(before: Shown, after: Shown): boolean {
  if (typeof before !== 'object' || typeof after !== 'object') return before === after;
  return before.hidden === after.hidden;
}

function sortKey({ label, before, after }: Pick<Row, 'label' | 'before' | 'after'>): string {
  return JSON.stringify([label, before ?? null, after ?? null]);
}

function text(value: Shown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? code(value) : hiddenText(value.hidden);
}

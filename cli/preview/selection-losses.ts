import type { Selection } from '../../function/registry/selection.ts';
import type { Context } from './context.ts';
import { type Finding, findingOf } from './finding.ts';

import { knownOf } from './value.ts';

/** What loses lines of log groups that the plan does not name, because the registrar finds them by prefixes. */
export function selectionLosses({ moments }: Context): readonly Finding[] {
  const [before, after] = [knownOf(moments.before.selection), knownOf(moments.after.selection)];
  if (before?.managedBy !== 'registrar' || after === undefined) return [];
  const kept = before.prefixes.filter((prefix) => isCovered(prefix, after));
  return [
    ...findingOf(
      'prefix_removed',
      before.prefixes.filter((prefix) => !kept.includes(prefix)).sort(),
      (count) =>
        `The log groups that ${count === 1 ? 'a prefix finds' : `${count} prefixes find`} are no longer shipped, and the plan does not tell which ones there are.`,
    ),
    ...findingOf(
      'excluded',
      newExclusions(before, after, kept),
      (count) =>
        `The log groups that ${count === 1 ? 'a new exclusion matches are' : `${count} new exclusions match are`} no longer shipped, and the plan does not tell which ones there are.`,
    ),
    ...findingOf(
      'narrowed',
      after && isNarrower(before, after) ? kept : [],
      () =>
        'The filter pattern of all log groups that prefixes find becomes another one: what only the old one matches is no longer shipped.',
    ),
  ];
}

function isCovered(prefix: string, selection: Selection | null): boolean {
  return !!selection?.prefixes.some((other) => prefix.startsWith(other));
}

/** Those that may match a group that was found by a prefix which is still there. */
function newExclusions(before: Selection, after: Selection | null, prefixes: readonly string[]): readonly string[] {
  const added = (after?.excluded ?? []).filter((pattern) => !before.excluded.includes(pattern));
  return added.filter((pattern) => prefixes.some((prefix) => mayMatch(pattern, prefix))).sort();
}

/** Whether a pattern may match a name that begins with a prefix. */
function mayMatch(pattern: string, prefix: string): boolean {
  const [beginning = ''] = pattern.split('*', 1);
  return beginning.startsWith(prefix) || (pattern.includes('*') && prefix.startsWith(beginning));
}

/** The empty pattern matches all. */
function isNarrower(before: Selection, after: Selection): boolean {
  return after.filterPattern !== '' && after.filterPattern !== before.filterPattern;
}

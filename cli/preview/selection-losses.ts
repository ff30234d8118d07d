import { numberText } from '../number-text.ts';
import type { Context } from './context.ts';
import { type Finding, findingOf } from './finding.ts';
import { type SelectionChange, selectionChange } from './selection-change.ts';

/** What loses lines of log groups that the plan does not name, because the registrar finds them by prefixes. */
export function selectionLosses(context: Context): readonly Finding[] {
  const change = selectionChange(context.moments);
  if (!change) return [];
  return [
    ...findingOf(
      'prefix_removed',
      change.removed,
      (count) =>
        `The log groups that ${count === 1 ? 'a prefix finds' : `${count} prefixes find`} are no longer shipped, and the plan does not tell which ones there are.`,
    ),
    ...findingOf(
      'excluded',
      change.excluded,
      (count) =>
        `The log groups that ${count === 1 ? 'a new exclusion matches are' : `${count} new exclusions match are`} no longer shipped, and the plan does not tell which ones there are.`,
    ),
    ...findingOf(
      'narrowed',
      isNarrower(change) ? change.kept : [],
      () =>
        'The filter pattern of all log groups that prefixes find becomes another one: what only the old one matches is no longer shipped.',
    ),
    ...tooManyGroups(change, context),
  ];
}

/** The empty pattern matches all. */
function isNarrower({ before, after }: SelectionChange): boolean {
  return !!after && after.filterPattern !== '' && after.filterPattern !== before.filterPattern;
}

function tooManyGroups({ before, after }: SelectionChange, { counts: { groups } }: Context): readonly Finding[] {
  const most = after?.maxLogGroups ?? Number.POSITIVE_INFINITY;
  if (groups.after <= most || groups.before > before.maxLogGroups) return [];
  return [
    {
      rule: 'group_limit',
      message: `There are ${numberText(groups.after)} log groups to ship, and max_log_groups is ${numberText(most)}: the registrar subscribes no new ones.`,
      subjects: [],
    },
  ];
}

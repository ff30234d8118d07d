import { isDeepStrictEqual } from 'node:util';
import type { Tags } from '../../function/labels/stream.ts';
import type { GroupLabels } from './group-labels.ts';
import type { LabelledGroup } from './labelled-groups.ts';
import type { When } from './moment.ts';
import { type GroupChange, type GroupCounts, type GroupState, told } from './report.ts';
import type { Counts } from './streams.ts';
import { isHidden, isSame, knownOf, type Value } from './value.ts';

/** The groups for which something changes. */
export function groupChanges(groups: readonly LabelledGroup[]): readonly GroupChange[] {
  return groups.flatMap((group) => {
    const change = kindOf(group);
    if (!change) return [];
    const { logGroup, gone, interruption } = group;
    return [{ logGroup, change, gone, interruption, before: stateOf(group, 'before'), after: stateOf(group, 'after') }];
  });
}

/** @param named how many groups the plan names, changed or not */
export function groupCounts(changes: readonly GroupChange[], named: number, { groups, atLeast }: Counts): GroupCounts {
  const count = (kind: GroupChange['change']) => changes.filter(({ change }) => change === kind).length;
  return {
    ...groups,
    atLeast,
    gain: count('gain'),
    lose: count('lose'),
    change: count('change'),
    keep: named - changes.length,
  };
}

function kindOf(group: LabelledGroup): GroupChange['change'] | undefined {
  const { before, after, interruption } = group;
  if (isHidden(before) || isHidden(after)) return 'unknown';
  const [was, is] = [before.known, after.known];
  if (!was) return 'gain';
  if (!is) return 'lose';
  const isKept =
    interruption === null &&
    was.subscribedBy === is.subscribedBy &&
    isSameList(was.wantedBy, is.wantedBy) &&
    isSameText(was.filterPattern, is.filterPattern) &&
    (isSameLabels(group) ?? isSameTags(was.tags, is.tags));
  return isKept ? undefined : 'change';
}

/** What is hidden before and after for the same reason is no change to tell of. */
function isSameText(a: Value<string>, b: Value<string>): boolean {
  return isSame(a, b) || (isHidden(a) && isHidden(b) && a.hidden === b.hidden);
}

/** Where one is hidden, no change can be told. */
function isSameList(a: Value<readonly string[]>, b: Value<readonly string[]>): boolean {
  return isHidden(a) || isHidden(b) || a.known.join('\n') === b.known.join('\n');
}

/** Undefined where they are hidden before and after for the same reason. */
function isSameLabels({ labels: { before, after }, stream }: LabelledGroup): boolean | undefined {
  if (stream.before !== undefined || stream.after !== undefined) return stream.before === stream.after;
  return before && after && isHidden(before) && isHidden(after) && before.hidden === after.hidden ? undefined : false;
}

function isSameTags(a: Value<Tags>, b: Value<Tags>): boolean {
  if (isHidden(a) || isHidden(b)) return isHidden(a) && isHidden(b) && a.hidden === b.hidden;
  return isDeepStrictEqual(a.known, b.known);
}

function stateOf(group: LabelledGroup, when: When): GroupState | null {
  const shipping = knownOf(group[when]);
  const labels = group.labels[when];
  if (!shipping || !labels) return null;
  const { subscribedBy, wantedBy, filterPattern, tags } = shipping;
  return {
    subscribedBy,
    wantedBy: told(wantedBy),
    filterPattern: told(filterPattern),
    ...(isHidden(tags) ? { tags: null, tagsHidden: tags.hidden } : { tags: tags.known, tagsHidden: null }),
    ...labelsJson(labels),
  };
}

function labelsJson(labels: Value<GroupLabels>): Pick<GroupState, 'labels' | 'labelsHidden'> {
  if (isHidden(labels)) return { labels: null, labelsHidden: labels.hidden };
  const all = Array.from(labels.known, ([name, value]) => [name, told(value)] as const);
  return { labels: Object.fromEntries(all), labelsHidden: null };
}

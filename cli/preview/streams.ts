import { isObject } from '../../function/json.ts';
import { type Installation, oneOf } from './installations.ts';
import type { LabelledGroup } from './labelled-groups.ts';
import { type Moment, managedBy, type When } from './moment.ts';
import { selectionChange } from './selection-change.ts';
import { isHidden, knownOf, readJson } from './value.ts';

/** How many log groups are shipped, and how many streams of Loki they are. */
export interface Counts {
  readonly groups: Readonly<Record<When, number>>;
  readonly streams: Readonly<Record<When, number>> & {
    /** Those before and those after together: streams of before are in memory until nothing came for a while. */
    readonly meanwhile: number;
  };
  /** Whether there may be more, which the plan does not tell. */
  readonly atLeast: Readonly<Record<When, boolean>>;
}

/** Loki's default limit (`max_global_streams_per_user`). */
export const DEFAULT_STREAM_LIMIT = 5000;

/** Counts one stream for each group and combination of label values. */
export function countsOf(
  groups: readonly LabelledGroup[],
  moments: Readonly<Record<When, Moment>>,
  installation: Installation,
): Counts {
  const streams = { before: new Set<string>(), after: new Set<string>(), meanwhile: new Set<string>() };
  const named = { before: 0, after: 0 };
  for (const group of groups) {
    // Where labels are not told, they are taken for unchanged.
    const other = group.stream.before ?? group.stream.after ?? group.logGroup;
    for (const when of ['before', 'after'] as const) {
      if (!knownOf(group[when])) continue;
      const stream = group.stream[when] ?? other;
      named[when]++;
      streams[when].add(stream);
      streams.meanwhile.add(stream);
    }
  }
  const unnamed = unnamedGroups(named.before, installation);
  const atLeast = {
    before: hasUnnamed(moments.before, installation),
    after: hasUnnamed(moments.after, installation),
  };
  const more = {
    before: atLeast.before ? unnamed : 0,
    after: atLeast.after && areKept(moments) ? unnamed : 0,
  };
  return {
    groups: { before: named.before + more.before, after: named.after + more.after },
    streams: {
      before: streams.before.size + more.before,
      after: streams.after.size + more.after,
      meanwhile: streams.meanwhile.size + Math.max(more.before, more.after),
    },
    atLeast,
  };
}

/** Whether groups are shipped that the plan does not name: those that the registrar finds. */
function hasUnnamed(moment: Moment, installation: Installation): boolean {
  if (installation.module === null) return false;
  const manager = managedBy(moment, installation);
  if (isHidden(manager)) return true;
  return manager.known === 'registrar' && knownOf(moment.selection)?.prefixes.length !== 0;
}

/** Whether all groups that the registrar found before are found after. */
function areKept(moments: Readonly<Record<When, Moment>>): boolean {
  const change = selectionChange(moments);
  return !change || change.removed.length + change.excluded.length === 0;
}

/** How many more groups the registrar counted at the last apply than the plan names. */
function unnamedGroups(named: number, installation: Installation): number {
  const registry = oneOf(installation, 'aws_lambda_invocation', 'registry');
  const result = registry?.before && knownOf(readJson(registry.before, 'result'));
  const counted = isObject(result) && Number.isSafeInteger(result.groups) ? Number(result.groups) : 0;
  return Math.max(0, counted - named);
}

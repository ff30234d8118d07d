import type { Selection } from '../../function/registry/selection.ts';
import type { Moment, When } from './moment.ts';
import { knownOf } from './value.ts';

/** What a change of the selection does to log groups that the plan does not name, because the registrar finds them. */
export interface SelectionChange {
  readonly before: Selection;
  /** Null: there is none any more. */
  readonly after: Selection | null;
  /** Prefixes of before of which all groups are found no longer by that or a shorter one. */
  readonly removed: readonly string[];
  /** The other prefixes of before. */
  readonly kept: readonly string[];
  /** New exclusions that may match a group which such a prefix finds. */
  readonly excluded: readonly string[];
}

/** Undefined where Terraform subscribes before, which names all groups, and where the plan does not tell. */
export function selectionChange(moments: Readonly<Record<When, Moment>>): SelectionChange | undefined {
  const [before, after] = [knownOf(moments.before.selection), knownOf(moments.after.selection)];
  if (before?.managedBy !== 'registrar' || after === undefined) return undefined;
  const isKept = (prefix: string) => !!after?.prefixes.some((other) => prefix.startsWith(other));
  const kept = before.prefixes.filter(isKept);
  const excluded = (after?.excluded ?? []).filter(
    (pattern) => !before.excluded.includes(pattern) && kept.some((prefix) => mayMatch(pattern, prefix)),
  );
  const removed = before.prefixes.filter((prefix) => !isKept(prefix));
  return { before, after, removed: removed.sort(), kept, excluded: excluded.sort() };
}

/** Whether a pattern may match a name that begins with a prefix. */
function mayMatch(pattern: string, prefix: string): boolean {
  const [beginning = ''] = pattern.split('*', 1);
  return beginning.startsWith(prefix) || (pattern.includes('*') && prefix.startsWith(beginning));
}

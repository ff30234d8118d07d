import type { Tags } from '../labels/stream.ts';
import type { Selection } from './selection.ts';
import type { Entry } from './state.ts';
import type { Wanted } from './wanted.ts';
import { stillWritten, type Written } from './written.ts';

/** The filter that has our name. */
export type SeenFilter =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly pattern: string }
  | { readonly kind: 'foreign'; readonly destination: string };

/** What a look at the log group gave; a part that was not looked at is left out. */
export interface Observation {
  readonly filter?: SeenFilter;
  readonly tags?: Tags;
}

/** What is to be written. */
export interface Effects {
  /** Pattern of the filter that it gets; null: it stays as it is. */
  readonly put: string | null;
  readonly remove: boolean;
  readonly tag: Tags;
  /** Keys. */
  readonly untag: readonly string[];
}

export interface Decision {
  /** What is known now, before the effects. */
  readonly entry: Entry;
  readonly effects: Effects;
}

export interface Circumstances extends Pick<Selection, 'managedBy'> {
  /** Whether the group may get a filter that it never had. */
  readonly mayAdd: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What has to be done to a log group, from what is wanted, what is remembered and what was seen of it. It changes a
 * filter, and removes one or a tag, only where the registrar wrote it.
 *
 * @param wanted undefined when nobody asks for the group any more
 */
export function decide(
  before: Entry,
  wanted: Wanted | undefined,
  { filter, tags }: Observation,
  circumstances: Circumstances,
): Decision {
  const { now } = circumstances;
  const seen = filter ? seenAs(before, filter, circumstances) : before;
  const entry: Entry = tags ? { ...seen, tags, readAt: now } : seen;
  const put = wanted && filter ? patternToPut(before, entry, wanted, filter, circumstances) : null;
  const by = put === null ? entry.by : 'registrar';
  const known = entry.tags ?? {};
  return {
    entry,
    effects: {
      put,
      remove: !wanted && filter?.kind === 'ours' && entry.by === 'registrar',
      tag: wanted && by ? tagsToWrite({ ...entry, by }, known, wanted) : {},
      untag: leftOver(entry.written, known, wanted),
    },
  };
}

/** Whose a filter is that is there: in the mode of the registrar its own, else of the one who put it. */
function seenAs(before: Entry, filter: SeenFilter, { managedBy }: Circumstances): Entry {
  if (filter.kind !== 'ours') return { ...before, by: null, filterPattern: null, seen: true };
  const by = managedBy === 'registrar' ? 'registrar' : (before.by ?? 'terraform');
  return { ...before, by, filterPattern: filter.pattern, seen: true };
}

function patternToPut(
  before: Entry,
  { by }: Entry,
  { filterPattern }: Wanted,
  filter: SeenFilter,
  { mayAdd }: Circumstances,
): string | null {
  if (filter.kind === 'none') return mayAdd || before.by ? filterPattern : null;
  return filter.kind === 'ours' && by === 'registrar' && filter.pattern !== filterPattern ? filterPattern : null;
}

/**
 * The tags that are the registrar's to write: of a group that it subscribed itself all, also where Terraform would write
 * some at the next apply.
 */
export function ownTags({ tags, tagsOfTerraform }: Wanted, by: Entry['by']): Tags {
  if (by === 'registrar') return tags;
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(tagsOfTerraform, key)));
}

/**
 * The registrar's own tags that are missing or other, and those of Terraform in whose place it wrote another value: a run
 * that is under way during an apply does, and Terraform would not notice.
 */
export function tagsToWrite({ by, written }: Pick<Entry, 'by' | 'written'>, known: Tags, wanted: Wanted): Tags {
  const mistaken = stillWritten(written, known);
  const ofTerraform = Object.entries(wanted.tagsOfTerraform).filter(([key]) => mistaken.includes(key));
  return lacking(known, { ...ownTags(wanted, by), ...Object.fromEntries(ofTerraform) });
}

/** Keys of tags that the registrar wrote and nobody asks for any more, unless somebody changed them since. */
export function leftOver(written: Written, known: Tags, wanted: Wanted | undefined): readonly string[] {
  return stillWritten(written, known).filter((key) => !(wanted && Object.hasOwn(wanted.tags, key)));
}

/** Those of some tags that are missing or other. */
export function lacking(known: Tags, wanted: Tags): Tags {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => known[key] !== value));
}

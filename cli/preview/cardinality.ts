import { BUILT_IN_LABELS } from '../../function/labels/policy.ts';
import type { LabelledGroup } from './labelled-groups.ts';
import { knownOf } from './value.ts';

/** A label of which there will be many values, each of them a stream of its own in Loki's index. */
export interface HighCardinality {
  readonly label: string;
  /** How many different ones the groups have. */
  readonly values: number;
  /** What its values look like, which change with time; null where there are only many. */
  readonly looksLike: Kind | null;
  /** The first of them. */
  readonly examples: readonly string[];
}

export type Kind = 'uuid' | 'timestamp' | 'version' | 'hash' | 'number';

const MANY = 50;
/** Numbers are often few and stay, as those of cost centres do. */
const MANY_NUMBERS = 10;
const EXAMPLES = 3;

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ['uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['timestamp', /^(?:\d{4}-\d\d-\d\d|20\d{6}|20\d{2}[01]\d[0-3]\d[T_-]?\d{4,6}Z?|1\d{9}|1\d{12})(?:[T _].*)?$/],
  ['version', /^(?:v?\d+(?:\.\d+){2,}(?:[-+.].+)?|v\d+\.\d+)$/i],
  ['hash', /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,128}$/i],
  ['number', /^(?:[a-z]+[-_])?\d{5,}$/i],
];

/** The labels whose values are many over the groups, or look as if they were over time; by name. */
export function highCardinality(groups: readonly LabelledGroup[]): readonly HighCardinality[] {
  return [...valuesOf(groups)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([label, values]) => {
      const looksLike = kindOf(values);
      const limit = looksLike === null ? MANY : looksLike === 'number' ? MANY_NUMBERS : 0;
      if (values.size <= limit) return [];
      return [{ label, values: values.size, looksLike, examples: [...values].sort().slice(0, EXAMPLES) }];
    });
}

/**
 * The values that each label has after the apply. Those that say which group it is differ by their purpose: a group is a
 * stream of its own anyway.
 */
function valuesOf(groups: readonly LabelledGroup[]): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  for (const { labels } of groups)
    for (const [label, value] of (labels.after && knownOf(labels.after)) ?? []) {
      const text = knownOf(value);
      if (text === undefined || (BUILT_IN_LABELS as readonly string[]).includes(label)) continue;
      const known = values.get(label);
      if (known) known.add(text);
      else values.set(label, new Set([text]));
    }
  return values;
}

/** What most of the values look like. */
function kindOf(values: ReadonlySet<string>): Kind | null {
  const counts = new Map<Kind, number>();
  for (const value of values) {
    const [kind] = KINDS.find(([, pattern]) => pattern.test(value)) ?? [];
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  for (const [kind, count] of counts) if (count * 2 >= values.size) return kind;
  return null;
}

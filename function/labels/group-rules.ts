import { isPattern, keyMatcher } from './key-pattern.ts';
import { labelName } from './label-name.ts';
import { DEFAULT_VALUES, type LabelPolicy, type LabelRules, type Values } from './policy.ts';
import { type Piece, piecesOf } from './template.ts';

/** The rules for a log group, prepared for many deliveries. */
export interface GroupRules {
  /** By name. */
  readonly static: readonly (readonly [name: string, value: string])[];
  /** Keys, and functions that find keys, in the order of the policy. */
  readonly fromTags: readonly (string | ((key: string) => boolean))[];
  readonly drops: (key: string) => boolean;
  /** The name of the label or the structured metadata that a tag becomes. */
  readonly nameOf: (key: string) => string;
  readonly serviceName: readonly Piece[];
  readonly values: Values;
}

interface PolicyRules {
  readonly all: GroupRules;
  /** The longest prefix first. */
  readonly byPrefix: readonly (readonly [prefix: string, rules: GroupRules])[];
}

const prepared = new WeakMap<LabelPolicy, PolicyRules>();

/** The rules of a policy for the log group of this name. They are made once for each policy object. */
export function rulesFor(logGroup: string, policy: LabelPolicy): GroupRules {
  let rules = prepared.get(policy);
  if (!rules) {
    rules = prepare(policy);
    prepared.set(policy, rules);
  }
  for (const [prefix, own] of rules.byPrefix) if (logGroup.startsWith(prefix)) return own;
  return rules.all;
}

function prepare(policy: LabelPolicy): PolicyRules {
  const byPrefix = Object.entries(policy.byPrefix ?? {})
    .map(([prefix, own]) => [prefix, groupRules({ ...policy, ...own })] as const)
    .sort(([a], [b]) => b.length - a.length);
  return { all: groupRules(policy), byPrefix };
}

function groupRules(rules: LabelRules): GroupRules {
  const { fromTags, rename = {}, serviceName = '', dropTags = [], values = DEFAULT_VALUES } = rules;
  const dropped = dropTags.map(keyMatcher);
  return {
    static: Object.entries(rules.static).sort(([a], [b]) => (a < b ? -1 : 1)),
    fromTags: fromTags.map((item) => (isPattern(item) ? keyMatcher(item) : item)),
    drops: (key) => dropped.some((matches) => matches(key)),
    nameOf: (key) => (Object.hasOwn(rename, key) ? rename[key] : undefined) ?? labelName(key),
    serviceName: piecesOf(serviceName),
    values,
  };
}

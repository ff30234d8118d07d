import { cutText } from '../text.ts';
import { type GroupRules, rulesFor } from './group-rules.ts';
import { NO_NAME } from './label-name.ts';
import { normalise } from './normalise.ts';
import { BUILT_IN_LABELS, type LabelPolicy, MAX_LABELS, MAX_VALUE_BYTES } from './policy.ts';
import type { Source, Tags } from './stream.ts';
import { fill } from './template.ts';

export interface Label {
  readonly name: string;
  readonly value: string;
  /** Why it is there, for people: `log group`, `account`, `region`, `static`, `template`, or `tag` and the key. */
  readonly from: string;
}

export interface Labels {
  /** In the order of precedence. */
  readonly labels: readonly Label[];
  /** Keys of the tags that became labels. */
  readonly used: ReadonlySet<string>;
  /** Tags that a rule chose, that have a value, and that did not become labels. */
  readonly leftOut: readonly LeftOut[];
  /** Values that were longer than Loki takes. */
  readonly valuesCut: number;
}

export interface LeftOut {
  /** Key of the tag. */
  readonly tag: string;
  /** For people, to follow "because". */
  readonly reason: string;
}

/**
 * The labels of a log group's stream: service_name, log_group, account_id and region, the static ones by name, then the
 * chosen tags in the order of the policy. The names of the former are never a tag's. A name that is taken, a tag without
 * a value, and what is over 15 gives none. The module computes the same for its outputs (modules/shipper/labels.ts).
 */
export function labelsOf(
  { logGroup, owner, region }: Pick<Source, 'logGroup' | 'owner' | 'region'>,
  tags: Tags,
  policy: LabelPolicy,
): Labels {
  const rules = rulesFor(logGroup, policy);
  const labels: Label[] = [];
  const used = new Set<string>();
  const leftOut: LeftOut[] = [];
  /** Name → from. */
  const taken = new Map<string, string>(BUILT_IN_LABELS.map((name) => [name, 'built in']));
  let valuesCut = 0;
  const add = (name: string, value: string, from: string) => {
    if (!value || labels.length === MAX_LABELS) return;
    const fitting = cutText(value, MAX_VALUE_BYTES);
    if (fitting !== value) valuesCut++;
    labels.push({ name, value: fitting, from });
    if (!taken.has(name)) taken.set(name, from);
  };

  const service = templated(logGroup, tags, rules);
  add('service_name', service || lastSegment(logGroup), service ? 'template' : 'log group');
  add('log_group', logGroup, 'log group');
  add('account_id', owner, 'account');
  add('region', region, 'region');
  for (const [name, value] of rules.static) if (!taken.has(name)) add(name, value, 'static');
  for (const key of chosen(tags, rules)) {
    const value = normalised(tags, key, rules);
    if (!value) continue;
    const name = rules.nameOf(key);
    const reason = whyNot(name, taken, labels.length);
    if (reason) leftOut.push({ tag: key, reason });
    else {
      add(name, value, `tag ${key}`);
      used.add(key);
    }
  }
  return { labels, used, leftOut, valuesCut };
}

function whyNot(name: string, taken: ReadonlyMap<string, string>, labels: number): string | undefined {
  if (name === NO_NAME) return 'its key has no letter or digit of ASCII to name a label by';
  if (taken.has(name)) return `the name ${name} is taken (${taken.get(name)})`;
  if (labels === MAX_LABELS) return `Loki takes ${MAX_LABELS} labels`;
  return undefined;
}

/** The keys of the tags that become labels, each once. */
function chosen(tags: Tags, { fromTags, drops }: GroupRules): Iterable<string> {
  const keys = new Set<string>();
  let sorted: readonly string[] | undefined;
  for (const item of fromTags) {
    if (typeof item === 'string') keys.add(item);
    else {
      sorted ??= Object.keys(tags).sort();
      for (const key of sorted) if (item(key)) keys.add(key);
    }
  }
  for (const key of keys) if (drops(key)) keys.delete(key);
  return keys;
}

/** What the template of the policy makes; empty where there is none. */
function templated(logGroup: string, tags: Tags, rules: GroupRules): string {
  return fill(rules.serviceName, (name) => {
    if (name === 'log_group') return logGroup;
    if (name === 'log_group_name') return lastSegment(logGroup);
    return normalised(tags, name, rules);
  });
}

/** The value of a tag as a label has it; empty where there is no such tag. */
function normalised(tags: Tags, key: string, { values }: GroupRules): string {
  return normalise(tagOf(tags, key), values);
}

/** Empty where there is no such tag. */
export function tagOf(tags: Tags, key: string): string {
  return (Object.hasOwn(tags, key) ? tags[key] : undefined) ?? '';
}

/** What comes after the last slash: the module computes the same for its outputs. */
function lastSegment(logGroup: string): string {
  return logGroup.slice(logGroup.lastIndexOf('/') + 1);
}

import { labelsOf } from '../../function/labels/labels-of.ts';
import { type LabelPolicy, type LabelRules, parseLabelPolicy } from '../../function/labels/policy.ts';
import type { Tags } from '../../function/labels/stream.ts';
import type { Place } from './place.ts';
import { hidden, isHidden, known, readJson, type Side, type Value } from './value.ts';

/** The labels of a log group's stream, in their order. */
export type GroupLabels = ReadonlyMap<string, Value<string>>;

/** What stands for an account or a region that the plan does not tell: no label has it. */
const NOT_TOLD = '\u0000';

/** Reads the label policy of a shipper before or after a change; null where there is none. */
export function readLabelPolicy(shipper: Side | undefined): Value<LabelPolicy | null> {
  if (!shipper) return known(null);
  const json = readJson(shipper, 'environment', 0, 'variables', 'LABEL_POLICY');
  if (isHidden(json)) return json;
  const problems: string[] = [];
  const policy = parseLabelPolicy(json.known, problems);
  return problems.length > 0 ? hidden('unreadable') : known(policy);
}

/** By the shipper's own rules. */
export function groupLabels(
  logGroup: string,
  tags: Value<Tags>,
  policy: Value<LabelPolicy | null>,
  { account, region }: Place,
): Value<GroupLabels> {
  if (isHidden(policy)) return policy;
  if (!policy.known) return hidden('elsewhere');
  if (isHidden(tags) && usesTags(policy.known)) return tags;
  const source = { logGroup, owner: account ?? NOT_TOLD, region: region ?? NOT_TOLD };
  const { labels } = labelsOf(source, isHidden(tags) ? {} : tags.known, policy.known);
  return known(
    new Map(labels.map(({ name, value }) => [name, value === NOT_TOLD ? hidden('unknown') : known(value)] as const)),
  );
}

function usesTags({ byPrefix = {}, ...rules }: LabelPolicy): boolean {
  const uses = ({ fromTags = [], serviceName = '' }: Partial<LabelRules>) =>
    fromTags.length > 0 || serviceName.includes('{');
  return uses(rules) || Object.values(byPrefix).some(uses);
}

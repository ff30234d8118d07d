import { type GroupLabels, groupLabels, readLabelPolicy } from './group-labels.ts';
import type { Group } from './groups.ts';
import { type Installation, oneOf } from './installations.ts';
import type { When } from './moment.ts';
import { placeOf } from './place.ts';
import { hidden, knownOf, type Value } from './value.ts';

export interface LabelledGroup extends Group {
  /** Its labels before and after the apply; null where it is not shipped. */
  readonly labels: Readonly<Record<When, Value<GroupLabels> | null>>;
  /** One text for the same labels; undefined where it is not shipped, or where they are not told. */
  readonly stream: Readonly<Record<When, string | undefined>>;
}

export function labelledGroups(groups: readonly Group[], installation: Installation): readonly LabelledGroup[] {
  const place = placeOf(installation);
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper');
  const policies =
    installation.module === null
      ? { before: hidden('elsewhere'), after: hidden('elsewhere') }
      : { before: readLabelPolicy(shipper?.before), after: readLabelPolicy(shipper?.after) };
  const labels = (group: Group, when: When) => {
    const shipping = knownOf(group[when]);
    return shipping ? groupLabels(group.logGroup, shipping.tags, policies[when], place) : null;
  };
  return groups.map((group) => {
    const [before, after] = [labels(group, 'before'), labels(group, 'after')];
    return { ...group, labels: { before, after }, stream: { before: streamKey(before), after: streamKey(after) } };
  });
}

function streamKey(labels: Value<GroupLabels> | null): string | undefined {
  const all = labels && knownOf(labels);
  return all ? JSON.stringify([...all]) : undefined;
}

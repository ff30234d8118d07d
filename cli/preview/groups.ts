import type { Installation } from './installations.ts';
import { type Interruption, interruptionOf } from './interruption.ts';
import { isDeleted, type LogGroupResources, resourceOfLogGroup } from './log-group-resources.ts';
import { filtersOf, type Moment, type When } from './moment.ts';
import { placeOf } from './place.ts';
import { type Shipping, shippingOf } from './shipping.ts';
import { isSame, known, knownOf, type Value } from './value.ts';

export interface Group {
  readonly logGroup: string;
  /** Null: it is not shipped. */
  readonly before: Value<Shipping | null>;
  readonly after: Value<Shipping | null>;
  /** Whether it is no longer shipped because it is no more, so that nothing is lost. */
  readonly gone: boolean;
  readonly interruption: Interruption | null;
}

/** The log groups that an installation ships before or after the apply, as far as the plan knows them, by name. */
export function groupsOf(
  installation: Installation,
  moments: Readonly<Record<When, Moment>>,
  resources: LogGroupResources,
): readonly Group[] {
  const place = placeOf(installation);
  const filters = filtersOf(installation);
  const groups: Group[] = [];
  for (const name of [...namesOf(moments, resources)].sort()) {
    const logGroup = resourceOfLogGroup(name, place, resources);
    const before = shippingOf(name, moments.before, logGroup);
    const after = shippingOf(name, moments.after, logGroup);
    if (isSame(before, known(null)) && isSame(after, known(null))) continue;
    const [was, is] = [knownOf(before), knownOf(after)];
    const filter = filters.get(name);
    const interruption =
      was && is ? interruptionOf(name, { before: was, after: is, filter, logGroup, installation }) : null;
    const gone = !is && (logGroup ? isDeleted(logGroup) : isNotFound(name, installation));
    groups.push({ logGroup: name, before, after, gone, interruption });
  }
  return groups;
}

/** All that the plan names and that may be shipped. */
function namesOf({ before, after }: Readonly<Record<When, Moment>>, resources: LogGroupResources): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { filters, asked, selection, wants } of [before, after]) {
    for (const name of filters.keys()) names.add(name);
    for (const { claim } of asked) if (claim.target.kind === 'group') names.add(claim.target.name);
    const rules = knownOf(selection);
    if (rules?.managedBy === 'registrar') for (const name of rules.logGroups.keys()) names.add(name);
    for (const name of resources.keys()) if (wants(name)) names.add(name);
  }
  return names;
}

/** Whether the plan looked a prefix up that would have found the group, and has not found it. */
function isNotFound(logGroup: string, { found }: Installation): boolean {
  const lookedUp = found.filter(({ prefix }) => logGroup.startsWith(prefix));
  return lookedUp.length > 0 && !lookedUp.some(({ logGroups }) => logGroups.has(logGroup));
}

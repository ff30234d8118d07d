import { isTextRecord } from '../../function/json.ts';
import type { Tags } from '../../function/labels/stream.ts';
import type { Wanted } from '../../function/registry/wanted.ts';
import type { Asked } from './attachments.ts';
import type { LogGroupResource } from './log-group-resources.ts';
import type { Manager, Moment } from './moment.ts';
import { hidden, isHidden, known, knownOf, mapValue, read, readText, type Side, type Value } from './value.ts';

/** How a log group is shipped, before or after the apply. */
export interface Shipping {
  readonly subscribedBy: Manager;
  /** `listed`, `prefix /aws/lambda/`, claimants; `terraform` in installations from before there was a registry. */
  readonly wantedBy: Value<readonly string[]>;
  /** Whether nothing but attachments asks for it. */
  readonly onlyAttached: boolean;
  readonly filterPattern: Value<string>;
  /** As far as the plan knows them: others may have put more on the group. */
  readonly tags: Value<Tags>;
}

/**
 * How a log group is shipped at a moment; null: not at all.
 * @param resource the log group's own, where the configuration creates it
 */
export function shippingOf(
  logGroup: string,
  moment: Moment,
  resource: LogGroupResource | undefined,
): Value<Shipping | null> {
  const filter = moment.filters.get(logGroup);
  if (filter) return known(byTerraform(logGroup, filter, moment, resource));
  if (resource && !resource[moment.when]) return known(null);
  return byRegistrar(logGroup, moment, resource);
}

function byTerraform(
  logGroup: string,
  filter: Side,
  { when, wants, tags, selection }: Moment,
  resource: LogGroupResource | undefined,
): Shipping {
  const wanted = wants(logGroup);
  return {
    subscribedBy: 'terraform',
    wantedBy: mapValue(selection, () =>
      wanted?.ofTerraform ? wanted.wantedBy : ['terraform', ...(wanted?.wantedBy ?? [])],
    ),
    onlyAttached: false,
    filterPattern: mapValue(readText(filter, 'filter_pattern'), (pattern) => pattern ?? ''),
    tags: merged([ownTags(resource?.[when]), known(wanted?.tags ?? {}), tags.get(logGroup) ?? known({})]),
  };
}

function byRegistrar(logGroup: string, moment: Moment, resource: LogGroupResource | undefined): Value<Shipping | null> {
  const { when, selection, filters, wants } = moment;
  const wanted = wants(logGroup);
  const asked = askedFor(logGroup, moment);
  // Where Terraform has filters, it has those of all groups that the selection finds. What is asked of an installation
  // in another stack is all that is told of it.
  if (isHidden(selection) && asked.length === 0)
    return filters.size > 0 || selection.hidden === 'elsewhere' ? known(null) : selection;
  if (!wanted || !(asked.length > 0 || isSubscribed(wanted, moment, resource))) return known(null);
  return known({
    subscribedBy: 'registrar',
    wantedBy: isHidden(selection) && selection.hidden !== 'elsewhere' ? selection : known(wanted.wantedBy),
    onlyAttached: wanted.wantedBy.length === asked.length,
    filterPattern: patternOf(logGroup, wanted, asked, moment),
    tags: merged([ownTags(resource?.[when]), tagsOf(wanted, asked, moment)]),
  });
}

/** Whether the registrar subscribes a group because of the selection. */
function isSubscribed(
  { ofTerraform, onlyByPrefix }: Wanted,
  { when, selection }: Moment,
  resource: LogGroupResource | undefined,
): boolean {
  if (!ofTerraform) return true;
  // Terraform looks prefixes up itself: what it did not find was not there, and is followed once it is.
  return onlyByPrefix && knownOf(selection)?.follow === true && (when === 'before' || resource?.after !== undefined);
}

/** What the stacks of this plan ask for a log group. */
function askedFor(logGroup: string, { asked }: Moment): readonly Asked[] {
  return asked.filter(({ claim: { target } }) =>
    target.kind === 'prefix' ? logGroup.startsWith(target.name) : logGroup === target.name,
  );
}

function patternOf(
  logGroup: string,
  { ofTerraform, filterPattern }: Wanted,
  asked: readonly Asked[],
  { selection }: Moment,
): Value<string> {
  const isListed = knownOf(selection)?.logGroups.has(logGroup) === true;
  const [first] = asked;
  if (first && !isListed && !ofTerraform) {
    for (const one of asked) if (isHidden(one.filterPattern)) return one.filterPattern;
    // The oldest one's counts, and the plan does not tell which that is.
    if (asked.some(({ claim }) => claim.filterPattern !== first.claim.filterPattern)) return hidden('unknown');
    if (first.claim.filterPattern !== null) return known(filterPattern);
  }
  return mapValue(selection, () => filterPattern);
}

function tagsOf(wanted: Wanted, asked: readonly Asked[], { selection }: Moment): Value<Tags> {
  const values = new Map<string, string>();
  for (const { tags } of asked) {
    if (isHidden(tags)) return tags;
    for (const [key, value] of Object.entries(tags.known)) {
      // The oldest one's counts, and the plan does not tell which that is.
      if ((values.get(key) ?? value) !== value) return hidden('unknown');
      values.set(key, value);
    }
  }
  // What an installation in another stack adds matters for labels only, of which that stack's plan tells.
  return isHidden(selection) && selection.hidden !== 'elsewhere' ? selection : known(wanted.tags);
}

/** The tags that the configuration itself puts on a group. */
function ownTags(side: Side | undefined): Value<Tags> {
  return side ? mapValue(read(side, 'tags_all'), (tags) => (isTextRecord(tags) ? tags : {})) : known({});
}

/** The last one wins. */
function merged(tags: readonly Value<Tags>[]): Value<Tags> {
  const all = new Map<string, string>();
  for (const some of tags) {
    if (isHidden(some)) return some;
    for (const [key, value] of Object.entries(some.known)) all.set(key, value);
  }
  return known(Object.fromEntries(all));
}

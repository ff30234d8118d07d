import { isObject, isTextRecord } from '../../function/json.ts';
import type { Tags } from '../../function/labels/stream.ts';
import { parseSelection, type Selection } from '../../function/registry/selection.ts';
import { type Wants, wants } from '../../function/registry/wanted.ts';
import type { Asked } from './attachments.ts';
import { allOf, type Installation, oneOf } from './installations.ts';
import type { Resource } from './plan.ts';
import { hidden, isHidden, known, knownOf, readJson, readText, type Side, type Value } from './value.ts';

export type When = 'before' | 'after';

/** What of an installation there is before or after the apply. */
export interface Moment {
  readonly when: When;
  /** The filters that Terraform has, by log group. */
  readonly filters: ReadonlyMap<string, Side>;
  /** The tags that Terraform has the registrar write, by log group. */
  readonly tags: ReadonlyMap<string, Value<Tags>>;
  /** Null: there is none, as in installations from before there was a registry. */
  readonly selection: Value<Selection | null>;
  /** What the stacks of this plan ask for. */
  readonly asked: readonly Asked[];
  /** The registrar's own rules, for what of both is told. */
  readonly wants: Wants;
}

export type Manager = Selection['managedBy'];

export function momentOf(when: When, installation: Installation): Moment {
  const selection = readSelection(oneOf(installation, 'aws_s3_object', 'selection')?.[when]);
  const filters = new Map<string, Side>();
  for (const [logGroup, { [when]: side }] of filtersOf(installation)) if (side) filters.set(logGroup, side);
  const asked = installation.attachments.flatMap(({ [when]: value }) => (value && knownOf(value)) ?? []);
  return {
    when,
    filters,
    tags: writtenTags(when, installation),
    selection: installation.module === null ? hidden('elsewhere') : selection,
    asked,
    wants: wants(
      knownOf(selection) ?? NOTHING,
      asked.map(({ claim }) => claim),
    ),
  };
}

/** Terraform's filters, by log group. */
export function filtersOf(installation: Installation): ReadonlyMap<string, Resource> {
  const filters = new Map<string, Resource>();
  for (const filter of allOf(installation, 'aws_cloudwatch_log_subscription_filter', 'log_groups'))
    if (typeof filter.index === 'string') filters.set(filter.index, filter);
  return filters;
}

/** Who subscribes the log groups of an installation; null where there is none. */
export function managedBy({ when, selection, filters }: Moment, installation: Installation): Value<Manager | null> {
  // Where the registrar subscribes, Terraform has no filters.
  if (isHidden(selection)) return filters.size > 0 ? known('terraform') : selection;
  if (selection.known) return known(selection.known.managedBy);
  return known(oneOf(installation, 'aws_lambda_function', 'shipper')?.[when] ? 'terraform' : null);
}

/** The selection where none is told. */
const NOTHING: Selection = {
  name: '',
  managedBy: 'registrar',
  follow: false,
  logGroups: new Map(),
  prefixes: [],
  excluded: [],
  ownLogGroups: [],
  filterPattern: '',
  logGroupTags: {},
  maxLogGroups: 0,
  labels: null,
};

function readSelection(object: Side | undefined): Value<Selection | null> {
  if (!object) return known(null);
  const content = readText(object, 'content');
  if (isHidden(content)) return content;
  try {
    return known(parseSelection(content.known ?? ''));
  } catch {
    return hidden('unreadable');
  }
}

function writtenTags(when: When, installation: Installation): Moment['tags'] {
  const tags = new Map<string, Value<Tags>>();
  for (const { index, [when]: side } of allOf(installation, 'aws_lambda_invocation', 'log_group_tags'))
    if (side && typeof index === 'string') tags.set(index, tagsOfInput(side));
  return tags;
}

function tagsOfInput(side: Side): Value<Tags> {
  const input = readJson(side, 'input');
  if (isHidden(input)) return input;
  return isObject(input.known) && isTextRecord(input.known.tags) ? known(input.known.tags) : hidden('unreadable');
}

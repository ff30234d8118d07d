import { LokiShipperError } from '../errors.ts';
import { isObject, isTextRecord, parseJson } from '../json.ts';
import type { Tags } from '../labels/stream.ts';

/** Where Terraform writes it. */
export const SELECTION_KEY = 'registry/selection.json';

/** What the module was told to ship. */
export interface Selection {
  /** Of the installation, and of its subscription filters. */
  readonly name: string;
  /** Who subscribes the log groups that the module names. */
  readonly managedBy: 'terraform' | 'registrar';
  /** Whether log groups that are born later under a prefix are subscribed too. */
  readonly follow: boolean;
  /** By name. */
  readonly logGroups: ReadonlyMap<string, ListedGroup>;
  readonly prefixes: readonly string[];
  /** Names, in which `*` stands for any characters. */
  readonly excluded: readonly string[];
  /** Of the installation itself: what it ships would make more to ship. */
  readonly ownLogGroups: readonly string[];
  /** Of groups that have none of their own. */
  readonly filterPattern: string;
  /** For all groups. */
  readonly logGroupTags: Tags;
  /** With more than that, nothing new is subscribed. */
  readonly maxLogGroups: number;
  /** The module's variable `labels`. */
  readonly labels: unknown;
}

export interface ListedGroup {
  readonly tags: Tags;
  /** Null: the one for all. */
  readonly filterPattern: string | null;
}

export class InvalidSelection extends LokiShipperError {
  override readonly name = 'InvalidSelection';
  constructor(problems: readonly string[]) {
    super(`${SELECTION_KEY} is not as the module writes it: ${problems.join(' ')}`);
  }
}

const VERSION = 1;

/**
 * Reads what Terraform wrote.
 * @throws InvalidSelection with everything that is wrong
 */
export function parseSelection(json: string): Selection {
  const value = parseJson(json);
  if (!isObject(value)) throw new InvalidSelection(['it must be an object of JSON.']);
  if (value.version !== VERSION)
    throw new InvalidSelection([`its version is ${JSON.stringify(value.version)}, and ${VERSION} is known.`]);

  const problems: string[] = [];
  const { name, managed_by, follow, log_groups, filter_pattern, log_group_tags, max_log_groups, labels } = value;
  if (typeof name !== 'string' || !name) problems.push('name must be a text.');
  if (managed_by !== 'terraform' && managed_by !== 'registrar')
    problems.push('managed_by must be terraform or registrar.');
  if (typeof follow !== 'boolean') problems.push('follow must be true or false.');
  if (typeof filter_pattern !== 'string') problems.push('filter_pattern must be a text.');
  if (!isTextRecord(log_group_tags)) problems.push('log_group_tags must be an object of texts.');
  if (!Number.isInteger(max_log_groups) || Number(max_log_groups) < 0)
    problems.push('max_log_groups must be a whole number.');
  const selection: Selection = {
    name: String(name),
    managedBy: managed_by === 'registrar' ? 'registrar' : 'terraform',
    follow: follow === true,
    logGroups: listedGroups(log_groups, problems),
    prefixes: texts('prefixes', value.prefixes, problems),
    excluded: texts('excluded', value.excluded, problems),
    ownLogGroups: texts('own_log_groups', value.own_log_groups, problems),
    filterPattern: String(filter_pattern),
    logGroupTags: isTextRecord(log_group_tags) ? log_group_tags : {},
    maxLogGroups: Number(max_log_groups),
    labels,
  };
  if (problems.length > 0) throw new InvalidSelection(problems);
  return selection;
}

function listedGroups(value: unknown, problems: string[]): ReadonlyMap<string, ListedGroup> {
  if (!isObject(value)) {
    problems.push('log_groups must be an object.');
    return new Map();
  }
  return new Map(
    Object.entries(value).map(([name, group]) => {
      const { tags, filter_pattern = null } = isObject(group) ? group : {};
      if (!isTextRecord(tags)) problems.push(`log_groups["${name}"].tags must be an object of texts.`);
      if (filter_pattern !== null && typeof filter_pattern !== 'string')
        problems.push(`log_groups["${name}"].filter_pattern must be a text or null.`);
      return [
        name,
        {
          tags: isTextRecord(tags) ? tags : {},
          filterPattern: typeof filter_pattern === 'string' ? filter_pattern : null,
        },
      ];
    }),
  );
}

function texts(where: string, value: unknown, problems: string[]): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value;
  problems.push(`${where} must be a list of texts.`);
  return [];
}

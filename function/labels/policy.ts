import { isObject, isTextRecord } from '../json.ts';
import { isLabelName } from './label-name.ts';
import { isTemplate } from './template.ts';

/** What labels the lines of a log group get, besides log_group, account_id and region. */
export interface LabelRules {
  /**
   * Keys of tags that become labels, or patterns of keys, in which `*` stands for any characters. The first item that
   * finds a tag decides its place; the tags of a pattern come by their keys. AWS's own (`aws:…`) are found by patterns
   * only that begin with `aws:`.
   */
  readonly fromTags: readonly string[];
  /** The same for all log groups: name → value. */
  readonly static: Readonly<Record<string, string>>;
  /** Names for keys of tags, as labels and as structured metadata. Default: the key, with `_` for what Loki refuses. */
  readonly rename?: Readonly<Record<string, string>>;
  /**
   * The label service_name: text with `{first|second|…}` for the first of these that has a value: keys of tags,
   * `log_group` and `log_group_name`. Default, and where the result is empty: what comes after the group's last slash.
   */
  readonly serviceName?: string;
  /** Keys or patterns of tags that become neither labels nor structured metadata. */
  readonly dropTags?: readonly string[];
  /** What is done with values of tags before they are labels. Default: DEFAULT_VALUES. */
  readonly values?: Values;
}

export interface Values {
  /** Whether spaces at both ends are taken away. */
  readonly trim: boolean;
  readonly case: 'keep' | 'lower' | 'upper';
}

export interface LabelPolicy extends LabelRules {
  /** Beginning of log groups' names → what is different for them. The longest one that fits counts, and only that. */
  readonly byPrefix?: Readonly<Record<string, Partial<LabelRules>>>;
}

export const DEFAULT_VALUES: Values = { trim: true, case: 'keep' };

/** The labels that every stream has: they come first, so no other label takes their names. */
export const BUILT_IN_LABELS = ['service_name', 'log_group', 'account_id', 'region'] as const;
/** Loki's default limit (`max_label_names_per_series`); a stream with more is refused. */
export const MAX_LABELS = 15;
/** Loki's default limit (`max_label_value_length`); a stream with more is refused. */
export const MAX_VALUE_BYTES = 2048;

/**
 * Reads the JSON of the module's variable `labels`, in which null is what is not set.
 * @param problems gets a sentence about each field that is wrong
 */
export function parseLabelPolicy(json: unknown, problems: string[]): LabelPolicy {
  if (!isObject(json)) {
    problems.push('It must be an object.');
    return { fromTags: [], static: {} };
  }
  const { by_prefix: prefixes } = json;
  const rules = { fromTags: [], static: {}, ...readRules(json, '', ['from_tags', 'static'], problems) };
  if (!isSet(prefixes)) return rules;
  if (isObject(prefixes) && Object.values(prefixes).every(isObject)) {
    const read = ([prefix, own]: readonly [string, Json]) =>
      [prefix, readRules(own, `by_prefix[${JSON.stringify(prefix)}].`, [], problems)] as const;
    return { ...rules, byPrefix: Object.fromEntries(Object.entries(prefixes as Record<string, Json>).map(read)) };
  }
  problems.push('by_prefix must be an object of objects.');
  return rules;
}

type Json = Readonly<Record<string, unknown>>;

/** @param at what is put before the names of the fields */
function readRules(json: Json, at: string, required: readonly string[], problems: string[]): Partial<LabelRules> {
  const read = <T>(field: string, isRight: (value: unknown) => value is T, right: string): T | undefined => {
    const value = json[field];
    if (isRight(value)) return value;
    if (isSet(value) || required.includes(field)) problems.push(`${at}${field} must be ${right}.`);
    return undefined;
  };
  const values = read('values', isValues, 'an object of trim (true or false) and case (keep, lower or upper)');
  const rules = {
    fromTags: read('from_tags', isTagKeys, 'a list of tag keys'),
    static: read('static', isTextRecord, 'an object of texts'),
    rename: read('rename', isTextRecord, 'an object of texts'),
    serviceName: read('service_name', isTemplate, 'a text with places for values, such as {service|log_group_name}'),
    dropTags: read('drop_tags', isTagKeys, 'a list of tag keys'),
    values: values && { trim: values.trim ?? DEFAULT_VALUES.trim, case: values.case ?? DEFAULT_VALUES.case },
  };
  checkStatic(rules.static ?? {}, `${at}static`, problems);
  for (const name of Object.values(rules.rename ?? {}))
    if (!isLabelName(name)) problems.push(notAName(name, `${at}rename`));
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}

function checkStatic(labels: LabelRules['static'], at: string, problems: string[]): void {
  for (const [name, value] of Object.entries(labels)) {
    if (!isLabelName(name)) problems.push(notAName(name, at));
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES)
      problems.push(`the value of ${JSON.stringify(name)} in ${at} has more than ${MAX_VALUE_BYTES} bytes.`);
  }
  const most = MAX_LABELS - BUILT_IN_LABELS.length;
  if (Object.keys(labels).length > most)
    problems.push(`${at} must have at most ${most} labels, because Loki takes ${MAX_LABELS} with the built-in ones.`);
}

function notAName(name: string, at: string): string {
  return `${JSON.stringify(name)} in ${at} is not a label name that Loki takes.`;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isTagKeys(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((key) => typeof key === 'string' && key !== '');
}

function isValues(value: unknown): value is { [K in keyof Values]?: Values[K] | null } {
  return (
    isObject(value) &&
    (!isSet(value.trim) || typeof value.trim === 'boolean') &&
    (!isSet(value.case) || ['keep', 'lower', 'upper'].includes(value.case as string))
  );
}

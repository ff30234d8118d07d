import { hcl } from '../hcl.ts';
import type { Validation } from '../module-stack.ts';
import {
  hasTagKeyCharacters,
  isLogGroupPrefix,
  isTagKeyPattern,
  isTemplate,
  matches,
  none,
  wholeNumber,
} from '../rules.ts';
import { BUILT_IN_LABELS, labelName, MAX_LABELS } from './label-names.ts';

const VALUES = 'object({ trim = optional(bool, true), case = optional(string, "keep") })';

/** The type of the variable `labels`. Its JSON is what `function/labels/policy.ts` reads. */
export const LABELS_TYPE = `object({ from_tags = optional(list(string), []), rename = optional(map(string), {}), static = optional(map(string), {}), service_name = optional(string), values = optional(${VALUES}, {}), drop_tags = optional(list(string), []), by_prefix = optional(map(object({ from_tags = optional(list(string)), rename = optional(map(string)), static = optional(map(string)), service_name = optional(string), values = optional(${VALUES}), drop_tags = optional(list(string)) })), {}), refresh_seconds = optional(number, 300) })`;

export const LABELS_DESCRIPTION = [
  `Labels of the streams in Loki, besides ${BUILT_IN_LABELS.join(', ')}.`,
  'from_tags are keys of tags of the log group, or patterns of keys (`app:*`): the first item that finds a tag decides its place, and the first label that has a name keeps it.',
  'What Loki refuses in a name becomes _; rename gives keys other names.',
  'static labels are equal for all.',
  `Where there are more than ${MAX_LABELS}, the last ones become structured metadata, as do all tags that are no labels, but for drop_tags (keys or patterns).`,
  "service_name is a template such as `{service|owner}-{log_group_name}` (the first tag that has a value, then what comes after the last slash of the group's name), by default `{log_group_name}`; log_group is the whole name.",
  'values says what is done with the values of tags before they are labels: trim takes spaces away at both ends, case is keep, lower or upper.',
  'by_prefix sets any of these anew for the log groups whose names start so; of several prefixes the longest counts, and no other.',
  'refresh_seconds is how long a function keeps the tags that it read.',
].join(' ');

const OWN_LABELS = MAX_LABELS - BUILT_IN_LABELS.length;
const NAME_RULE = 'up to 128 letters, digits and _, not starting with a digit or __';
const KEY_RULE = '1 to 128 letters, digits, spaces and _ . : / = + - @';

const isLabelName = matches('^(?:[a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]{0,126}$');
/** Not null either: for that, `can` is false. */
const isNoPattern = matches('^[^*]+$');

/** The policies of the prefixes that have labels or names of their own, with what they have from the one for all. */
const OF_PREFIXES = hcl`[for prefix, own in var.labels.by_prefix : {
  prefix = prefix,
  from_tags = coalesce(own.from_tags, var.labels.from_tags),
  static = coalesce(own.static, var.labels.static),
  rename = coalesce(own.rename, var.labels.rename)
} if try(own.from_tags != null || own.static != null || own.rename != null, false)]`;

/** What the variable `labels` must be, for all log groups and for those of each prefix. */
export function labelValidations(): Validation[] {
  return [
    none(
      hcl`[for prefix, own in var.labels.by_prefix : prefix if own == null || !${isLogGroupPrefix('prefix')}]`,
      'labels.by_prefix must have an object for each start of log group names: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #',
    ),
    {
      condition: hcl`${labelCount('var.labels')} <= ${OWN_LABELS}`,
      errorMessage: `labels must have at most ${OWN_LABELS} names in from_tags and static together: Loki takes ${MAX_LABELS} labels, and ${BUILT_IN_LABELS.length} of them are built in.`,
    },
    none(
      hcl`[for policy in ${OF_PREFIXES} : policy.prefix if ${labelCount('policy')} > ${OWN_LABELS}]`,
      `labels.by_prefix must leave log groups with at most ${OWN_LABELS} names in from_tags and static together`,
    ),
    none(
      everywhere('static', (labels) => hcl`[for name in keys(${labels}) : name if !${isLabelName('name')}]`),
      `labels.static must have names that Loki takes: ${NAME_RULE}`,
    ),
    none(
      everywhere(
        'static',
        (labels) => hcl`[for name, value in ${labels} : name if !${matches('^[^[:cntrl:]]{1,255}$')('value')}]`,
      ),
      'labels.static must have values of 1 to 255 printable characters',
    ),
    none(
      everywhere('from_tags', (items) => hcl`[for item in ${items} : item if !(${isTagKeyPattern('item')})]`),
      `labels.from_tags must hold keys of tags: ${KEY_RULE}, and * for any of them`,
    ),
    none(
      inAllPolicies(unnamed),
      'labels.from_tags must hold keys with at least one of a-z A-Z 0-9 to name the label by, or have a name for them in rename',
    ),
    none(
      everywhere('rename', (names) => hcl`[for key in keys(${names}) : key if !${hasTagKeyCharacters('key')}]`),
      `labels.rename must have keys of tags: ${KEY_RULE}`,
    ),
    none(
      everywhere(
        'rename',
        (names) => hcl`[for key, name in ${names} : key if !(${isLabelName('name')} && name != "log_stream")]`,
      ),
      `labels.rename must give names that Loki takes (${NAME_RULE}), and not log_stream, which each line has`,
    ),
    none(
      inAllPolicies(twice),
      `labels must have different names in static, in from_tags (with _ for what Loki refuses in a name), in rename and in the built-in labels ${BUILT_IN_LABELS.join(', ')}`,
    ),
    none(
      oneText('service_name', (template) => hcl`${template} != null && !(${isTemplate(template)})`),
      'labels.service_name must be a text of 1 to 255 printable characters with keys of tags, log_group or log_group_name between braces, alternatives with | between them, such as {service|owner}-{log_group_name}',
    ),
    none(
      everywhere('drop_tags', (items) => hcl`[for item in ${items} : item if !${isTagKeyPattern('item')}]`),
      `labels.drop_tags must hold keys of tags: ${KEY_RULE}, and * for any of them`,
    ),
    none(
      oneText('values.case', (to) => hcl`!contains(["keep", "lower", "upper"], ${to})`),
      'labels.values must have keep, lower or upper for case',
    ),
    wholeNumber('labels.refresh_seconds', 1, 86400, 'seconds'),
  ];
}

/**
 * What is wrong with a field, for all log groups and for those of the prefixes that set it.
 * @param offenders expression of the list of what is wrong with the field, an expression too
 */
function everywhere(field: string, offenders: (field: string) => string): string {
  return hcl`concat(${offenders(`var.labels.${field}`)}, flatten([for prefix, own in var.labels.by_prefix :
    [for offender in ${offenders(`own.${field}`)} : "\${prefix}: \${offender == null ? "null" : offender}"] if try(own.${field} != null, false)]))`;
}

/** The same of a field that is one text. */
function oneText(field: string, isWrong: (field: string) => string): string {
  return hcl`concat([for text in [var.labels.${field}] : text if ${isWrong('text')}],
    [for prefix, own in var.labels.by_prefix : "\${prefix}: \${own.${field}}" if try(own.${field} != null && ${isWrong(`own.${field}`)}, false)])`;
}

/** The same of policies, whose fields belong together. */
function inAllPolicies(offenders: (policy: string) => string): string {
  return hcl`concat(${offenders('var.labels')}, flatten([for policy in ${OF_PREFIXES} :
    [for offender in ${offenders('policy')} : "\${policy.prefix}: \${offender}"]]))`;
}

/** The keys of tags that a policy names, not by a pattern. */
const keysOf = (policy: string) => hcl`[for key in ${policy}.from_tags : key if ${isNoPattern('key')}]`;

/** How many labels a policy asks for. Patterns may find any number: what is over the limit becomes metadata. */
function labelCount(policy: string): string {
  return hcl`length(${keysOf(policy)}) + length(${policy}.static)`;
}

/** The keys of tags from which no label can have a name. */
function unnamed(policy: string): string {
  return hcl`[for key in ${keysOf(policy)} : key if ${hasTagKeyCharacters('key')} && !can(regex("[a-zA-Z0-9]", key)) && !contains(keys(${policy}.rename), key)]`;
}

/** The names that two labels have, or a label and what a tag is renamed to. */
function twice(policy: string): string {
  const builtIn = BUILT_IN_LABELS.map((name) => `"${name}"`).join(', ');
  const fromTags = hcl`[for key in ${keysOf(policy)} : lookup(${policy}.rename, key, ${labelName('key')})]`;
  const renamed = hcl`[for key, name in ${policy}.rename : name if !contains(${keysOf(policy)}, key)]`;
  return hcl`flatten([for names in [concat([${builtIn}], keys(${policy}.static), ${fromTags}, ${renamed})] :
    [for name in distinct(names) : name if length([for other in names : other if other == name]) > 1 && name != null]])`;
}

import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { BUILT_IN_LABELS, labelName, MAX_LABELS } from './label-names.ts';

/**
 * The labels of each log group, as far as the module knows its tags, by the rules of `function/labels/labels-of.ts`, which
 * a test holds to them. The last two locals are what others use. A list of one, as in `for keys in [keys(…)]`, gives a name
 * to what is needed often: with a thousand groups it counts.
 */
export function defineLabels(module: ModuleStack): void {
  // By prefix; "" is that of all other groups.
  module.local(
    'label_policies',
    hcl`merge({ "" = ${policy((field) => `var.labels.${field}`)} }, { for prefix, own in var.labels.by_prefix : prefix =>
      ${policy((field) => hcl`(own.${field} == null ? var.labels.${field} : own.${field})`)} })`,
  );
  // By group. Of the prefixes that one name starts with, the last in their order is the longest.
  module.local(
    'label_policy',
    hcl`{ for name in keys(local.log_groups) : name => local.label_policies[reverse(concat([""],
      [for prefix in keys(var.labels.by_prefix) : prefix if startswith(name, prefix)]))[0]] }`,
  );
  // By group and key.
  module.local(
    'tag_values',
    hcl`{ for name, group in local.log_groups : name => { for key, value in group.tags : key => ${VALUE} } }`,
  );
  // By group and name: the labels that are no tag's.
  module.local(
    'fixed_labels',
    hcl`{ for name, policy in local.label_policy : name => { for label, value in merge(policy.static,
      { service_name = ${firstText(SERVICE, LAST_SEGMENT)}, log_group = name, account_id = local.account_id, region = local.region }
    ) : label => value if value != "" } }`,
  );
  // By group, in the order of precedence: the tags that from_tags finds and that have a value.
  module.local(
    'chosen_tags',
    hcl`{ for name, policy in local.label_policy : name => flatten([for values in [local.tag_values[name]] : [for keys in [keys(values)] :
      [for dropped in [${keysLike('policy.drop_tags')}] : [for key in distinct(${keysLike('policy.from_tags')}) :
        { key = key, label = lookup(policy.rename, key, ${labelName('key')}), value = values[key] }
        if values[key] != "" && !contains(dropped, key)]]]]) }`,
  );
  // By group: the first tag for each name, as far as there is room.
  module.local(
    'tag_labels',
    hcl`{ for name, tags in local.chosen_tags : name => flatten([for fixed in [local.fixed_labels[name]] :
      [for by_label in [{ for tag in tags : tag.label => tag... }] : [for labels in [${namesOf('tags', 'fixed')}] :
        [for label in slice(labels, 0, min(length(labels), ${MAX_LABELS} - length(fixed))) : by_label[label][0]]]]]) }`,
  );
  module.local(
    'labels',
    hcl`{ for name, tags in local.tag_labels : name => merge({ for tag in tags : tag.label => tag.value }, local.fixed_labels[name]) }`,
  );
  // By group: keys of tags.
  module.local(
    'labels_left_out',
    hcl`{ for name, tags in local.chosen_tags : name => tolist(setsubtract(tags[*].key, local.tag_labels[name][*].key)) }`,
  );
}

function policy(field: (name: string) => string): string {
  return hcl`{
    from_tags = ${items(field('from_tags'))}, rename = ${field('rename')}, static = ${field('static')},
    service_name = ${field('service_name')}, values = ${field('values')}, drop_tags = ${items(field('drop_tags'))}
  }`;
}

/** Of each item the key, and the regular expression if it is a pattern: in a list, which may be empty. */
function items(list: string): string {
  return hcl`[for item in ${list} : { key = item, patterns = [for pattern in [item] :
    "^\\Q\${replace(pattern, "*", "\\E.*\\Q")}\\E$" if strcontains(pattern, "*")] }]`;
}

/** The `keys` that items find: flat, and maybe more than once. */
function keysLike(items: string): string {
  return hcl`flatten([for item in ${items} : [[for key in [item.key] : key if contains(keys, key)],
    [for pattern in item.patterns : [for key in keys : key if can(regex(pattern, key))]]]])`;
}

const TRIMMED = hcl`(local.label_policy[name].values.trim ? trimspace(value) : value)`;
const VALUE = hcl`{ keep = ${TRIMMED}, lower = lower(${TRIMMED}), upper = upper(${TRIMMED}) }[local.label_policy[name].values.case]`;

const LAST_SEGMENT = hcl`regex("[^/]*$", name)`;

/** What the template makes: pieces of text, and places for the first value of their alternatives. */
const SERVICE = hcl`join("", [for piece in regexall("[{][^{}]*[}]|[^{}]+", policy.service_name == null ? "" : policy.service_name) :
  startswith(piece, "{") ? concat([for value in [for place in split("|", trim(piece, "{}")) :
    lookup(merge(local.tag_values[name], { log_group = name, log_group_name = ${LAST_SEGMENT} }), place, "")
  ] : value if value != ""], [""])[0] : piece])`;

function firstText(...texts: readonly string[]): string {
  return hcl`concat([for text in [${texts.join(', ')}] : text if text != ""], [""])[0]`;
}

/** The names of the labels that tags would become, without those that are taken. */
function namesOf(tags: string, fixed: string): string {
  const taken = [...BUILT_IN_LABELS, '_'].map((name) => `"${name}"`).join(', ');
  return hcl`[for label in distinct(${tags}[*].label) : label if !contains([${taken}], label) && !contains(keys(${fixed}), label)]`;
}

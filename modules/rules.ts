import { hcl } from './hcl.ts';
import type { Validation } from './module-stack.ts';

/** Expressions that are true for a right value; null is never right. `value` is an expression too. */
export const matches = (pattern: string) => (value: string) => hcl`can(regex("${pattern}", ${value}))`;

/** CreateLogGroup's characters; names that start with `aws/` are AWS's own. */
export const isLogGroupName = (value: string) =>
  hcl`${matches('^[a-zA-Z0-9_/.#-]{1,512}$')(value)} && !startswith(${value}, "aws/")`;
export const isLogGroupPrefix = matches('^[a-zA-Z0-9_/.#-]{1,512}$');
export const isLogGroupPattern = matches('^[a-zA-Z0-9_/.#*-]{1,512}$');

/** TagKey and TagValue of the CloudWatch Logs API, which are stricter than those of most services. */
const VISIBLE_TAG_CHARACTERS = String.raw`\\p{L}\\p{N}_.:/=+@-`;
const TAG_CHARACTERS = String.raw`[\\p{Z}${VISIBLE_TAG_CHARACTERS}]`;
export const hasTagKeyCharacters = matches(`^${TAG_CHARACTERS}{1,128}$`);
export const isTagKey = (value: string) => hcl`${hasTagKeyCharacters(value)} && !startswith(lower(${value}), "aws:")`;
export const isTagValue = matches(`^${TAG_CHARACTERS}{0,255}$`);
export const TAG_RULE =
  'keys of 1 to 128 and values of up to 255 letters, digits, spaces and _ . : / = + - @, no key starting with aws:';
export const MAX_TAGS = 50;
/** A key, or a pattern of keys with `*`, which no key has. */
export const isTagKeyPattern = matches(`^[*\\\\p{Z}${VISIBLE_TAG_CHARACTERS}]{1,128}$`);

const PLACE = `[${VISIBLE_TAG_CHARACTERS}](?:${TAG_CHARACTERS}*[${VISIBLE_TAG_CHARACTERS}])?`;
const hasTemplateForm = matches(`^(?:[^{}[:cntrl:]]|[{]${PLACE}(?:[|]${PLACE})*[}])+$`);
/** Text with keys of tags between braces, such as `{service|Team Name}-{owner}`: `function/labels/template.ts`. */
export const isTemplate = (value: string) => hcl`${hasTemplateForm(value)} && try(length(${value}) <= 255, false)`;

/** Secrets Manager's ARNs end in six characters of its own; without them no role policy would match. */
export const isSecretArn = matches(
  '^arn:[a-z0-9-]+:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+-[a-zA-Z0-9]{6}|ssm:[a-z0-9-]+:[0-9]{12}:parameter/[^:]+)$',
);

export const isKeyArn = matches('^arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$');

export const isSubnetId = matches('^subnet-[0-9a-z]+$');
export const isSecurityGroupId = matches('^sg-[0-9a-z]+$');

/**
 * A rule for each of many values.
 * @param offenders expression of the list of those that break it
 * @param message a sentence without its end, which is made of the offenders
 */
export function none(offenders: string, message: string): Validation {
  return {
    condition: hcl`length(${offenders}) == 0`,
    errorMessage: `${message}; wrong: \${join(", ", ${hcl`[for offender in ${offenders} : jsonencode(offender)]`})}.`,
  };
}

/**
 * The rule for the variable `name`, after which buckets are named: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * @param most characters, which leave room for what is added to it: a bucket's name has at most 63
 * @param what is named after it
 */
export function namesBuckets(most: number, what: 'a bucket' | 'buckets'): Validation {
  return {
    condition: hcl`${matches('^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$')('var.name')} && length(var.name) <= ${most} && !can(regex("^(?:sthree|amzn-s3-demo)-", var.name))`,
    errorMessage: `name must be 1 to ${most} lower-case letters, digits and single hyphens, start with a letter, end with none of the hyphens, and not begin with sthree- or amzn-s3-demo-, so that ${what} can be named after it.`,
  };
}

/** @param variable name of a variable of type number */
export function wholeNumber(variable: string, min: number, max: number, unit: string): Validation {
  const value = `var.${variable}`;
  return {
    condition: hcl`${value} == floor(${value}) && ${value} >= ${min} && ${value} <= ${max}`,
    errorMessage: `${variable} must be a whole number from ${min} to ${max} ${unit}.`,
  };
}

/** @param variable name of a variable of type string, or of a field of one */
export function oneOf(variable: string, values: readonly string[]): Validation {
  return {
    condition: hcl`contains(${JSON.stringify(values)}, var.${variable})`,
    errorMessage: `${variable} must be ${values.join(' or ')}.`,
  };
}

/**
 * @param variable name of a variable of type map(string)
 * @param max where the module has tags of its own: as many as are left
 */
export function tagValidations(variable: string, max = MAX_TAGS): Validation[] {
  return [
    none(
      hcl`[for key, value in var.${variable} : key if !(${isTagKey('key')} && ${isTagValue('value')})]`,
      `${variable} must hold tags that AWS takes (${TAG_RULE})`,
    ),
    {
      condition: hcl`length(var.${variable}) <= ${max}`,
      errorMessage: `${variable} must hold at most ${max} tags.`,
    },
  ];
}

/** @param variable name of a variable of type string, which may be null where the module lets it */
export function filterPattern(variable: string): Validation {
  return {
    condition: hcl`try(length(var.${variable}) <= 1024, var.${variable} == null)`,
    errorMessage: `${variable} must have at most 1024 characters.`,
  };
}

const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** @param variable name of a variable of type number */
export function retentionDays(variable: string): Validation {
  return {
    condition: hcl`contains([${RETENTION_DAYS.join(', ')}], var.${variable})`,
    errorMessage: `${variable} must be one of the periods of CloudWatch Logs: ${RETENTION_DAYS.join(', ')}.`,
  };
}

/** What CloudWatch takes for the actions of an alarm: the variable `alarm_actions`. */
export function alarmActionsValidations(): Validation[] {
  return [
    none(
      hcl`[for arn in var.alarm_actions : arn if !${matches('^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:[^:]*:.+$')('arn')}]`,
      'alarm_actions must be ARNs',
    ),
    {
      condition: hcl`length(var.alarm_actions) <= 5`,
      errorMessage: 'alarm_actions must have at most 5 ARNs, as CloudWatch takes no more.',
    },
  ];
}

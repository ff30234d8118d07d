/**
 * What CloudWatch Logs takes. The module says the same of its inputs (modules/rules.ts), and a test holds both
 * together.
 */

/** The characters that CreateLogGroup takes. The name becomes part of an ARN, where `:` and `*` would mean more. */
const LOG_GROUP_CHARACTERS = /^[a-zA-Z0-9_/.#-]{1,512}$/;
export const LOG_GROUP_RULE = '1 to 512 of the characters a-z A-Z 0-9 _ - / . #';

/** Whether a text may be the name of a log group, or the beginning of one. */
export function isLogGroupName(text: unknown): text is string {
  return typeof text === 'string' && LOG_GROUP_CHARACTERS.test(text);
}

const TAG_KEY = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,255}$/u;
export const TAG_RULE =
  'a key of 1 to 128 and a value of up to 255 letters, digits, spaces and _ . : / = + - @, and the key must not start with aws:';

export function isTag(key: string, value: string): boolean {
  return TAG_KEY.test(key) && TAG_VALUE.test(value);
}

/** Characters of a filter pattern. */
export const MAX_FILTER_PATTERN = 1024;

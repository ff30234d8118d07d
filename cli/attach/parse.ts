import { InvalidArgumentError } from 'commander';
import { isLogGroupName, isTag, LOG_GROUP_RULE, MAX_FILTER_PATTERN, TAG_RULE } from '../../function/registry/rules.ts';

export type Tag = readonly [key: string, value: string];

export function parseLogGroup(text: string): string {
  if (isLogGroupName(text)) return text;
  throw new InvalidArgumentError(`It must be the name of a log group: ${LOG_GROUP_RULE}.`);
}

export function parsePrefix(text: string): string {
  if (isLogGroupName(text)) return text;
  throw new InvalidArgumentError(`It must be the beginning of log groups' names: ${LOG_GROUP_RULE}.`);
}

/** Of the signs `=` in it, the first ends the key. */
export function parseTag(text: string): Tag {
  const end = text.indexOf('=');
  const tag = [text.slice(0, end), text.slice(end + 1)] as const;
  if (end > 0 && isTag(...tag)) return tag;
  throw new InvalidArgumentError(`It must be key=value: ${TAG_RULE}.`);
}

export function parseFilterPattern(text: string): string {
  if (text.length <= MAX_FILTER_PATTERN) return text;
  throw new InvalidArgumentError(`It must have at most ${MAX_FILTER_PATTERN} characters.`);
}

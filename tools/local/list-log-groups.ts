import { RefusedByFake } from './refused-by-fake.ts';

export interface LogGroup {
  readonly logGroupName: string;
  /** Without `:*`. */
  readonly logGroupArn: string;
  readonly logGroupClass: string;
}

export interface ListLogGroups {
  /** Of a page, 1-1000. */
  readonly limit: number;
  readonly nextToken: string | undefined;
  readonly selects: (group: LogGroup) => boolean;
}

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 50;
const KNOWN = ['limit', 'nextToken', 'logGroupClass', 'logGroupNamePattern'];

/**
 * Reads the input of a ListLogGroups.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html
 *
 * @throws RefusedByFake where AWS refuses it, or where the fakes do not know what it asks for
 */
export function parseListLogGroups(input: Readonly<Record<string, unknown>>): ListLogGroups {
  const unknown = Object.keys(input).find((key) => !KNOWN.includes(key));
  if (unknown) throw new RefusedByFake('InvalidParameterException', `${unknown} of ListLogGroups is not faked.`);
  const { limit = DEFAULT_LIMIT, nextToken, logGroupClass, logGroupNamePattern } = input;
  if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT)
    throw new RefusedByFake('InvalidParameterException', `limit is to be 1-${MAX_LIMIT}, not ${limit}.`);
  const matches = matcherOf(logGroupNamePattern);
  return {
    limit: Number(limit),
    nextToken: nextToken === undefined ? undefined : String(nextToken),
    selects: (group) =>
      (logGroupClass === undefined || group.logGroupClass === logGroupClass) && matches(group.logGroupName),
  };
}

/** `^/aws/lambda|discovery`: names that begin with the one, or hold the other. */
function matcherOf(pattern: unknown): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const parts = String(pattern).split('|');
  if (parts.length > 5 || parts.some((part) => !/^\^?[\w/.#-]{2,24}$/.test(part)))
    throw new RefusedByFake('InvalidParameterException', `The pattern ${pattern} is refused by AWS, or not faked.`);
  return (name) => parts.some((part) => (part.startsWith('^') ? name.startsWith(part.slice(1)) : name.includes(part)));
}

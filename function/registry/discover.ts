import type { LogGroup, LogGroupPage } from '../aws/log-groups.ts';
import type { Account } from './account.ts';
import type { Action, Caller } from './caller.ts';

/**
 * Up to so many groups, pages of 50 that say when each was created are worth their price: a group that is deleted and
 * created again between two runs has lost its filter.
 */
const MOST_DESCRIBED = 1_000;

/**
 * All log groups by name.
 * @param before how many there were
 * @throws CallFailed, OutOfTime: half of them are of no use, since the rest would look deleted
 */
export async function discover(
  { groups }: Pick<Account, 'groups'>,
  caller: Caller,
  before: number,
): Promise<ReadonlyMap<string, LogGroup>> {
  if (before <= MOST_DESCRIBED) {
    const found = await pages(caller, 'logs:DescribeLogGroups', (next) => groups.describe(next), MOST_DESCRIBED);
    if (found) return found;
  }
  return (
    (await pages(caller, 'logs:ListLogGroups', (next) => groups.list(next), Number.POSITIVE_INFINITY)) ?? new Map()
  );
}

/** @returns undefined when there are more than `most` */
async function pages(
  caller: Caller,
  action: Action,
  read: (next: string | null) => Promise<LogGroupPage>,
  most: number,
): Promise<ReadonlyMap<string, LogGroup> | undefined> {
  const found = new Map<string, LogGroup>();
  for (let next: string | null = null; ; ) {
    const from: string | null = next;
    const page: LogGroupPage = await caller.call(action, '', () => read(from));
    for (const group of page.groups) found.set(group.name, group);
    if (page.next === null) return found;
    if (found.size >= most) return undefined;
    next = page.next;
  }
}

import { logGroupTags } from '../../function/aws/log-group.ts';
import { logGroups } from '../../function/aws/log-groups.ts';
import { s3Objects } from '../../function/aws/objects.ts';
import { subscriptionFilters } from '../../function/aws/subscription-filters.ts';
import { taggedGroups } from '../../function/aws/tagged-groups.ts';
import type { Account } from '../../function/registry/account.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { SHIPPER } from './fake-account.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Of each call, as in the simulation. */
const LATENCY_MS = 50;

/**
 * The registrar's account as its handler has it, with the real SDK clients, in virtual time: that stands still during a
 * call, and then goes on by what a call takes.
 */
export function timedAccount(bucket: string, clock: VirtualClock): Account {
  const timed = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      const answer = await clock.during(() => call(...args));
      await clock.delay(LATENCY_MS);
      return answer;
    };
  };
  const allTimed = <T extends object>(api: T): T =>
    Object.fromEntries(Object.entries(api).map(([name, call]) => [name, timed(call)])) as T;
  return {
    account: ACCOUNT,
    region: REGION,
    shipper: SHIPPER,
    objects: allTimed(s3Objects(bucket, REGION)),
    groups: allTimed(logGroups(REGION)),
    filters: allTimed(subscriptionFilters(REGION)),
    tags: allTimed(logGroupTags(SHIPPER, 1)),
    taggedGroups: timed(taggedGroups(REGION)),
    clock,
  };
}

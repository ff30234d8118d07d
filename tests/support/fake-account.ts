import type { LogGroupTags } from '../../function/aws/log-group.ts';
import type { LogGroupPage, LogGroups } from '../../function/aws/log-groups.ts';
import { StorageFailed } from '../../function/aws/objects.ts';
import type { SubscriptionFilter, SubscriptionFilters } from '../../function/aws/subscription-filters.ts';
import type { ReadTaggedGroups } from '../../function/aws/tagged-groups.ts';
import type { Tags } from '../../function/labels/stream.ts';
import type { Account } from '../../function/registry/account.ts';
import { Bucket } from './bucket.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface FakeGroup {
  logClass: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  tags: Tags;
  /** By name. */
  readonly filters: Map<string, SubscriptionFilter>;
  /** What the tags were before, for who reads those of all groups: since when, the newest last. */
  readonly history: { readonly since: number; readonly tags: Tags }[];
}

/** What happens at a call instead of its answer. */
export type Fault =
  | 'throttled'
  | 'denied'
  /** It is done, and the answer is lost. */
  | 'cut'
  /** The invocation ends, before the call is done or after it. */
  | 'killed before'
  | 'killed after';

export interface FakeAccountProps {
  /** Default: a fixed one. */
  readonly random?: () => number;
  /** Of every call. Default: 50 */
  readonly latencyMs?: number;
  /** How late those who read the tags of all groups learn of changes. Default: 0 */
  readonly lagMs?: number;
  /** What AWS allows the account of each action in a second. Default: RATES */
  readonly rates?: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html and, for GetResources, general/latest/gr/arg.html */
export const RATES: Readonly<Record<string, number>> = {
  'logs:PutSubscriptionFilter': 5,
  'logs:DeleteSubscriptionFilter': 5,
  'logs:DescribeSubscriptionFilters': 5,
  'logs:TagResource': 5,
  'logs:UntagResource': 5,
  'logs:ListTagsForResource': 30,
  'logs:DescribeLogGroups': 10,
  'logs:ListLogGroups': 10, // AWS names none.
  'tag:GetResources': 15,
};

/** Makes a call of an action: `act` is what it does. */
type Make = <T>(action: string, act: () => T | Promise<T>) => Promise<T>;

/** Of a log group. */
const MOST_FILTERS = 5;

export const SHIPPER = 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper';

/**
 * A fake of CloudWatch Logs, the tagging API and S3 in memory and in virtual time, behind the interfaces of function/aws:
 * pages, limits, rates and eventual consistency are AWS's, as far as they are documented. For faults, it fails the calls
 * that a test names, or kills the invocation at one.
 */
export class FakeAccount {
  readonly clock: VirtualClock;
  readonly bucket = new Bucket();
  readonly groups = new Map<string, FakeGroup>();
  /** All calls that reached AWS, refused ones too. */
  readonly calls: { readonly action: string; readonly at: number; readonly refused: boolean }[] = [];
  /** @param call how many there were before it */
  fault: (call: number, action: string) => Fault | undefined = () => undefined;
  readonly #props: Required<FakeAccountProps>;
  readonly #recent = new Map<string, number[]>();
  #sessions = 0;

  constructor(props: FakeAccountProps = {}) {
    this.#props = { random: seeded(1), latencyMs: 50, lagMs: 0, rates: RATES, ...props };
    this.clock = new VirtualClock(Date.UTC(2026, 10, 26, 12), this.#props.random);
  }

  /** Creates a log group, in the place of the one that has the name. */
  create(name: string, tags: Tags = {}, logClass = 'STANDARD'): FakeGroup {
    const since = this.clock.now();
    const group = { logClass, createdAt: since, tags, filters: new Map(), history: [{ since, tags }] };
    this.groups.set(name, group);
    return group;
  }

  /** Sets all tags of a group, as somebody may by hand. */
  tag(name: string, tags: Tags): void {
    const group = this.groups.get(name);
    if (!group) return;
    group.tags = tags;
    group.history.push({ since: this.clock.now(), tags });
  }

  /** How often each action was called. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { action } of this.calls) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }

  /** What an invocation works with, and a promise that ends when it is killed. */
  session(): { readonly account: Account; readonly requestId: string; readonly killed: Promise<'killed'> } {
    let kill = (_: 'killed') => {};
    const killed = new Promise<'killed'>((resolve) => {
      kill = resolve;
    });
    let dead = false;
    const die = () => {
      dead = true;
      kill('killed');
      return new Promise<never>(() => {});
    };
    const call: Make = async <T>(action: string, act: () => T | Promise<T>): Promise<T> => {
      if (dead) return new Promise(() => {});
      const fault = this.fault(this.calls.length, action);
      const refused = fault === 'throttled' || this.#isTooMuch(action);
      this.calls.push({ action, at: this.clock.now(), refused });
      await this.clock.delay(this.#props.latencyMs);
      if (dead) return new Promise(() => {});
      if (refused) throw awsError(throttleOf(action));
      if (fault === 'denied') throw awsError(action.startsWith('s3:') ? 'AccessDenied' : 'AccessDeniedException');
      if (fault === 'killed before') return die();
      const done = Promise.resolve().then(act);
      if (fault === 'killed after') return done.then(die, die);
      const answer = await done;
      if (fault === 'cut') throw awsError('ECONNRESET');
      return answer;
    };
    this.#sessions++;
    return { account: this.#account(call), requestId: `request-${this.#sessions}`, killed };
  }

  #account(call: Make): Account {
    return {
      account: '123456789012',
      region: 'eu-central-1',
      shipper: SHIPPER,
      clock: this.clock,
      objects: this.#objects(call),
      groups: this.#logGroups(call),
      filters: this.#filters(call),
      tags: this.#tags(call),
      taggedGroups: this.#taggedGroups(call),
    };
  }

  #objects(call: Make): Account['objects'] {
    const { bucket } = this;
    const stored = <T>(action: string, key: string, act: () => Promise<T>): Promise<T> =>
      call(action, act).catch((error: Error) => {
        throw new StorageFailed(action, 'bucket', key, error.name);
      });
    return {
      put: (key, body) => stored('s3:PutObject', key, () => bucket.put(key, Buffer.from(body))),
      putIf: (expected, key, body) => stored('s3:PutObject', key, () => bucket.putIf(expected, key, Buffer.from(body))),
      get: (key) => stored('s3:GetObject', key, () => bucket.get(key)),
      getVersion: (key) => stored('s3:GetObject', key, () => bucket.getVersion(key)),
      remove: (key) => stored('s3:DeleteObject', key, () => bucket.remove(key)),
      list: (prefix, after) => stored('s3:ListBucket', prefix, () => bucket.list(prefix, after)),
    };
  }

  #logGroups(call: Make): LogGroups {
    const page = (size: number, next: string | null): LogGroupPage => {
      const names = [...this.groups.keys()].sort();
      const start = Number(next ?? 0);
      return {
        groups: names.slice(start, start + size).map((name) => this.#summary(name)),
        next: start + size < names.length ? String(start + size) : null,
      };
    };
    return {
      describe: (next) => call('logs:DescribeLogGroups', () => page(50, next)),
      list: (next) =>
        call('logs:ListLogGroups', () => {
          const { groups, ...rest } = page(1000, next);
          return { ...rest, groups: groups.map((group) => ({ ...group, createdAt: null })) };
        }),
      find: (name) => call('logs:DescribeLogGroups', () => (this.groups.has(name) ? this.#summary(name) : undefined)),
    };
  }

  #summary(name: string) {
    const { logClass, createdAt } = this.#group(name);
    return { name, logClass, createdAt };
  }

  #filters(call: Make): SubscriptionFilters {
    return {
      read: (logGroup, name) => call('logs:DescribeSubscriptionFilters', () => this.#group(logGroup).filters.get(name)),
      put: (logGroup, name, filter) =>
        call('logs:PutSubscriptionFilter', () => {
          const { filters, logClass } = this.#group(logGroup);
          if (logClass !== 'STANDARD') throw awsError('InvalidOperationException');
          if (!filters.has(name) && filters.size >= MOST_FILTERS) throw awsError('LimitExceededException');
          filters.set(name, filter);
        }),
      remove: (logGroup, name) =>
        call('logs:DeleteSubscriptionFilter', () => {
          if (!this.#group(logGroup).filters.delete(name)) throw awsError('ResourceNotFoundException');
        }),
    };
  }

  #tags(call: Make): LogGroupTags {
    return {
      read: (logGroup) => call('logs:ListTagsForResource', () => this.groups.get(logGroup)?.tags),
      write: (logGroup, tags) =>
        call('logs:TagResource', () => this.tag(logGroup, { ...this.#group(logGroup).tags, ...tags })),
      remove: (logGroup, keys) =>
        call('logs:UntagResource', () => {
          const tags = Object.entries(this.groups.get(logGroup)?.tags ?? {});
          this.tag(logGroup, Object.fromEntries(tags.filter(([key]) => !keys.includes(key))));
        }),
    };
  }

  /** Tokens are valid for 15 minutes. */
  #taggedGroups(call: Make): ReadTaggedGroups {
    return (next) =>
      call('tag:GetResources', () => {
        const [start = 0, from = this.clock.now()] = (next ?? '').split(' ', 2).filter(Boolean).map(Number);
        if (this.clock.now() - from > 15 * 60_000) throw awsError('PaginationTokenExpiredException');
        const seen = this.clock.now() - this.#props.lagMs;
        const tagged = [...this.groups].filter(([, { history }]) =>
          history.some(({ since, tags }) => since <= seen && Object.keys(tags).length > 0),
        );
        const page = tagged.slice(start, start + 100);
        const tagsOf = ({ history }: FakeGroup) => history.findLast(({ since }) => since <= seen)?.tags ?? {};
        return {
          groups: new Map(page.map(([name, group]) => [name, tagsOf(group)])),
          next: start + 100 < tagged.length ? `${start + 100} ${from}` : null,
        };
      });
  }

  #group(name: string): FakeGroup {
    const group = this.groups.get(name);
    if (!group) throw awsError('ResourceNotFoundException');
    return group;
  }

  /** Whether there are more calls in a second than AWS allows. */
  #isTooMuch(action: string): boolean {
    const rate = this.#props.rates[action];
    if (rate === undefined) return false;
    const now = this.clock.now();
    const recent = (this.#recent.get(action) ?? []).filter((at) => at > now - 1_000);
    recent.push(now);
    this.#recent.set(action, recent);
    return recent.length > rate;
  }
}

function throttleOf(action: string): string {
  if (action.startsWith('s3:')) return 'SlowDown';
  return action.startsWith('tag:') ? 'ThrottledException' : 'ThrottlingException';
}

function awsError(name: string): Error {
  return Object.assign(new Error('Words of AWS that may hold names of roles.'), { name });
}

/** Numbers from 0 to below 1, always the same: https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

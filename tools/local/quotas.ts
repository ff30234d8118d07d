import type { PendingCall } from './call.ts';

/** Calls a second that an account may make in a region; AWS counts all callers together. */
export interface Quota {
  readonly service: string;
  readonly action: string;
  readonly perSecond: number;
}

/**
 * What AWS allows; what is not here has no documented quota.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 * https://docs.aws.amazon.com/general/latest/gr/arg.html
 */
export const AWS_QUOTAS: readonly Quota[] = [
  { service: 'logs', action: 'PutSubscriptionFilter', perSecond: 5 },
  { service: 'logs', action: 'DeleteSubscriptionFilter', perSecond: 5 },
  { service: 'logs', action: 'DescribeSubscriptionFilters', perSecond: 5 },
  { service: 'logs', action: 'TagResource', perSecond: 5 },
  { service: 'logs', action: 'UntagResource', perSecond: 5 },
  { service: 'logs', action: 'ListTagsForResource', perSecond: 30 },
  { service: 'logs', action: 'DescribeLogGroups', perSecond: 10 },
  { service: 'logs', action: 'CreateLogGroup', perSecond: 10 },
  { service: 'tagging', action: 'GetResources', perSecond: 15 },
];

/** Token buckets that hold the calls of one second. */
export class Quotas {
  readonly #buckets = new Set<Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns ends the limit */
  limit(quota: Quota): () => void {
    const bucket = { quota, tokens: quota.perSecond, filledAt: this.#now() };
    this.#buckets.add(bucket);
    return () => this.#buckets.delete(bucket);
  }

  /** Takes a call's token. @returns the error that AWS throttles it with, undefined when it may pass */
  refuse(call: PendingCall): string | undefined {
    for (const bucket of this.#buckets)
      if (bucket.quota.service === call.service && bucket.quota.action === call.action && !take(bucket, this.#now()))
        return call.service === 'tagging' ? 'ThrottledException' : 'ThrottlingException';
    return undefined;
  }
}

interface Bucket {
  readonly quota: Quota;
  tokens: number;
  /** Milliseconds. */
  filledAt: number;
}

function take(bucket: Bucket, now: number): boolean {
  const { perSecond } = bucket.quota;
  bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.filledAt) / 1_000) * perSecond);
  bucket.filledAt = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}

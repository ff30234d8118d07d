import { RefusedByFake } from './refused-by-fake.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MAX_FILTERS = 5;

/** A log group that gets a subscription filter. */
interface Subscribed {
  readonly logGroupClass: string;
  /** Names of its filters. */
  readonly filters: readonly string[];
}

/**
 * Refuses a subscription filter as AWS does, but for its destination, which is not looked at. Which error AWS gives for
 * a group of another class is documented nowhere: the one here is our guess.
 *
 * @throws RefusedByFake
 */
export function checkFilter(filterName: string, { logGroupClass, filters }: Subscribed): void {
  if (logGroupClass !== 'STANDARD')
    throw new RefusedByFake('InvalidParameterException', `Subscription filters are not supported by ${logGroupClass}.`);
  if (!filters.includes(filterName) && filters.length >= MAX_FILTERS)
    throw new RefusedByFake('LimitExceededException', 'Resource limit exceeded.');
}

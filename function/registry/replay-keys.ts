import { dayOf, PARKED, readParkedKey } from '../delivery/parked.ts';
import { FAILED_DELIVERY, matchesPattern, type ReplayFilter } from '../replay-filter.ts';

/**
 * Before the keys of Lambda's records of failed invocations:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const FAILED_DELIVERIES = 'aws/lambda/async/';

/** A part of the bucket that is searched. */
export interface Place {
  readonly prefix: string;
  /** Keys up to this one cannot match. */
  readonly after?: string;
  /** Whether what has this key may match: only its content tells. */
  readonly mayMatch: (key: string) => boolean;
}

const DAY_MS = 24 * 3600_000;

/**
 * Where a filter may find something, in the order in which it is searched.
 *
 * A parked object has the day of its first line. One call of PutLogEvents takes lines that are at most 24 hours apart, so
 * those of the day before and after may match too. A record of Lambda has the day on which the delivery was given up: its
 * lines may be as old as 14 days, but hardly younger.
 *
 * @param shipper name of its function
 */
export function placesOf(shipper: string, filter: ReplayFilter): readonly Place[] {
  const { group, from, to, reason } = filter;
  const firstDay = from === undefined ? undefined : dayOf(Date.parse(from) - DAY_MS);
  const lastDay = to === undefined ? undefined : dayOf(Date.parse(to) + DAY_MS);
  const placeOf = (prefix: string, mayMatch: Place['mayMatch'] = () => true): Place => ({
    prefix,
    mayMatch,
    ...(firstDay && { after: `${prefix}${firstDay}` }),
  });

  const parked = placeOf(PARKED, (key) => {
    const known = readParkedKey(key);
    // What is something else is looked at, so that somebody hears of it.
    if (!known) return true;
    const { day, groupWithoutSlash: name } = known;
    return (
      (lastDay === undefined || day <= lastDay) &&
      (group === undefined || matchesPattern(`/${name}`, group) || matchesPattern(name, group))
    );
  });
  const failed = placeOf(`${FAILED_DELIVERIES}${shipper}/`);
  if (reason === undefined) return [parked, failed];
  return reason === FAILED_DELIVERY ? [failed] : [parked];
}

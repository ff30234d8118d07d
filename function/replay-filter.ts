/** Which lines of the bucket are to be replayed; what is left out selects all. */
export interface ReplayFilter {
  /** A log group, in which `*` stands for any characters. */
  readonly group?: string;
  /** From this time on, and before that one: what Date.parse takes. */
  readonly from?: string;
  readonly to?: string;
  /** Loki's, for example `too_far_behind`, or FAILED_DELIVERY. */
  readonly reason?: string;
}

/** The reason of lines that nobody refused: Lambda gave up on their delivery. */
export const FAILED_DELIVERY = 'failed_delivery';

/** @param line `time` in milliseconds since 1970 */
export function isSelected(
  { logGroup, time, reason }: { readonly logGroup: string; readonly time: number; readonly reason: string },
  filter: ReplayFilter,
): boolean {
  return (
    (filter.group === undefined || matchesPattern(logGroup, filter.group)) &&
    (filter.from === undefined || time >= Date.parse(filter.from)) &&
    (filter.to === undefined || time < Date.parse(filter.to)) &&
    (filter.reason === undefined || reason === filter.reason)
  );
}

/** Whether a name is what a pattern says, in which `*` stands for any characters. */
export function matchesPattern(name: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 's').test(name);
}

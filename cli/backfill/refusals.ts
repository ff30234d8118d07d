import type { LineRules } from '../../function/delivery/rules.ts';
import { LokiShipperError } from '../../function/errors.ts';

/** Lines of the module's own functions are not shipped. */
export class OwnLogGroup extends LokiShipperError {
  override readonly name = 'OwnLogGroup';
  constructor(logGroup: string) {
    super(`Log group ${logGroup} is loki-shipper's own: each of its lines that is shipped would make another.`);
  }
}

/** The shipper would park these lines, or clamp their times, because Loki refuses them. */
export class TooOld extends LokiShipperError {
  override readonly name = 'TooOld';
  constructor(from: number, { maxAgeMs }: LineRules, earliest: number) {
    const hours = maxAgeMs / HOUR_MS;
    super(
      `Lines of ${timeText(from)} are too old: the shipper sends what is at most ${hours} hours old, so the earliest --from is ${timeText(earliest)}. For older lines, raise Loki's limits_config.reject_old_samples_max_age and the module's lines.max_age_hours to more than ${hours}.`,
    );
  }
}

/** Loki took none of the lines that were tried last, because of their time. */
export class RefusedByTime extends LokiShipperError {
  override readonly name = 'RefusedByTime';
  constructor(reason: string, lines: number, until: number) {
    super(
      `Loki refused all ${lines} lines that were tried last (${reason}), up to ${timeText(until)}: they are parked in the bucket, and none after them were tried. ${REMEDIES[reason]}, then run loki-shipper replay and this command again; or park the others as well, with --keep-going.`,
    );
  }
}

const HOUR_MS = 3_600_000;
/** Until the oldest lines have been read and are sent. */
const MARGIN_MS = 10 * 60_000;

/** Loki refuses what is so much behind the newest line of a stream. */
const BEHIND_MS = HOUR_MS;

/** What to set in Loki, by its reasons that have to do with the time of a line. */
const REMEDIES: Readonly<Record<string, string>> = {
  too_far_behind: 'Set limits_config.shard_streams.time_sharding_enabled: true in Loki',
  greater_than_max_sample_age: 'Raise limits_config.reject_old_samples_max_age in Loki',
};

/** Of reasons, one that has to do with the time of lines: it will be the same for the lines around them. */
export function reasonOfTime(parked: Readonly<Record<string, number>>): string | undefined {
  return Object.keys(REMEDIES).find((reason) => parked[reason]);
}

/** @param from milliseconds since 1970. @throws TooOld */
export function refuseTooOld(from: number, rules: LineRules, now: number): void {
  const earliest = now - rules.maxAgeMs + MARGIN_MS;
  if (from < earliest) throw new TooOld(from, rules, Math.ceil(earliest / 60_000) * 60_000);
}

/** What is said before lines that Loki may refuse, as far as it can be known. */
export function warningOfBehind(
  logGroup: string,
  from: number,
  isShippedLive: boolean,
  now: number,
): string | undefined {
  if (!isShippedLive || from >= now - BEHIND_MS) return undefined;
  return `${logGroup} is shipped live, and unless its time sharding is on, Loki refuses lines that are more than an hour behind the newest one: docs/operations.md#too-far-behind. What it refuses is parked in the bucket.`;
}

/** To the second where that is all of it. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

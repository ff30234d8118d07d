import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * A time as ISO 8601 in UTC, from one that is ISO 8601 (in UTC unless it names a zone), or so long ago: `30m`, `2h`, `3d`.
 * @param now milliseconds since 1970
 */
export function parseTime(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const ms = count ? now - Number(count) * (UNIT_MS[unit] ?? 0) : parseIso(text);
  if (Number.isNaN(ms))
    throw new InvalidArgumentError(
      'It must be a time as in 2026-11-23 or 2026-11-23T03:00:00Z, or so long ago: 2h, 3d.',
    );
  return new Date(ms).toISOString();
}

/** NaN for what is none. */
function parseIso(text: string): number {
  const [, day, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (!day) return Number.NaN;
  // Days that there are not, as the 30th of February, would be read as others.
  const midnight = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return Number.NaN;
  return Date.parse(`${day}T${time ?? '00:00'}${zone}`);
}

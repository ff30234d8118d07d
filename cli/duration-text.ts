const MINUTE_MS = 60_000;
const UNITS = [
  ['d', 24 * 60 * MINUTE_MS],
  ['h', 60 * MINUTE_MS],
  ['min', MINUTE_MS],
] as const;

/** How long something has been, in whole units, for people: `< 1 min`, `5 min`, `3 h`, `2 d`. @param ms milliseconds */
export function durationText(ms: number): string {
  for (const [unit, length] of UNITS) if (ms >= length) return `${Math.floor(ms / length)} ${unit}`;
  return '< 1 min';
}

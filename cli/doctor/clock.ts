import type { Checked } from './calls.ts';
import { type Finding, ok, skipped, warning } from './finding.ts';

/** That much is neither felt nor refused by anyone. */
const TOLERANCE_MS = 60_000;

/** Whether the clocks of the shipper, of Loki and of this machine agree. */
export function* checkClock({ result, asked, answered }: Checked): Generator<Finding> {
  const findings: Finding[] = [];
  const { clockSkewMs } = result.loki;
  if (clockSkewMs === null) findings.push(skipped('clock', 'Loki does not say what time it is.'));
  else if (Math.abs(clockSkewMs) > TOLERANCE_MS)
    findings.push(
      warning(
        'clock',
        `Loki's clock is ${offText(clockSkewMs)} the shipper's.`,
        "Set the clock of Loki's host by NTP: Loki refuses lines that are ten minutes ahead of it (creation_grace_period).",
      ),
    );
  // The shipper looked at its clock at some time between both.
  const ahead = outside(result.now, asked, answered);
  if (Math.abs(ahead) > TOLERANCE_MS)
    findings.push(
      warning(
        'clock',
        `The clock of this machine is ${offText(-ahead)} the shipper's.`,
        'Set it by NTP: AWS refuses requests that are five minutes off, and a time such as 2h would be another one.',
      ),
    );
  yield* findings;
  if (findings.length === 0)
    yield ok('clock', 'The clocks of the shipper, of Loki and of this machine agree within a minute.');
}

/** How far a time is after a range, or, negative, before it. */
function outside(time: number, from: number, to: number): number {
  if (time > to) return time - to;
  return time < from ? time - from : 0;
}

function offText(ms: number): string {
  return `${Math.round(Math.abs(ms) / 1000)} s ${ms > 0 ? 'ahead of' : 'behind'}`;
}

import { numberText } from '../number-text.ts';
import { progressBar } from '../progress-line.ts';
import type { Checkpoint } from './checkpoint.ts';
import { parkedInAll } from './counts.ts';
import { timeText } from './refusals.ts';

/** Where this run began, and when. */
export interface Beginning {
  /** Both milliseconds since 1970: the position, and the time by the clock. */
  readonly position: number;
  readonly time: number;
}

/** How far a backfill is, in one line. @param now milliseconds since 1970 */
export function progressText(checkpoint: Checkpoint, beginning: Beginning, now: number): string {
  const { from, to, position, counts } = checkpoint;
  const facts = [`${numberText(counts.lines)} lines`];
  if (counts.stored > 0) facts.push(`${numberText(counts.stored)} stored`);
  const parked = parkedInAll(counts);
  if (parked > 0) facts.push(`${numberText(parked)} parked`);
  const left = leftMs(checkpoint, beginning, now);
  if (left !== undefined) facts.push(durationText(left));
  return `${progressBar((position - from) / (to - from))} ${timeText(position)}, ${facts.join(', ')}`;
}

/** As if lines came as often in what is left. */
function leftMs({ to, position }: Checkpoint, beginning: Beginning, now: number): number | undefined {
  const done = position - beginning.position;
  return done > 0 ? ((now - beginning.time) / done) * (to - position) : undefined;
}

function durationText(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return 'less than a minute left';
  if (minutes < 60) return `${minutes} min left`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

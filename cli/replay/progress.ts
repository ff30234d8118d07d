import { numberText } from '../number-text.ts';
import { progressBar } from '../progress-line.ts';
import type { Tally } from './tally.ts';

/** How far a replay is, in one line. */
export function progressText({ done, remaining, more, lines, stored, refusedInAll, failed }: Tally): string {
  if (done === 0 && more) return 'Looking for objects …';
  const known = done + remaining;
  const bar = progressBar(known === 0 ? 1 : done / known);
  const objects = `${numberText(done)} of ${more ? 'at least ' : ''}${numberText(known)} objects`;
  const counts = [`${numberText(lines)} lines`, `${numberText(stored)} stored`, `${numberText(refusedInAll)} refused`];
  if (failed.length > 0) counts.push(`${numberText(failed.length)} objects failed`);
  return `${bar} ${objects}, ${counts.join(', ')}`;
}

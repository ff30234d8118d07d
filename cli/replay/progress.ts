import { numberText } from '../number-text.ts';
import type { Output } from '../surroundings.ts';
import type { Tally } from './tally.ts';

const BAR = 20;
const CLEAR = '\r\x1b[2K';

/** Shows on a terminal how far the replay is, in one line that changes. Elsewhere it shows nothing. */
export class Progress {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  show(tally: Tally): void {
    this.#write(`${CLEAR}${progressText(tally).slice(0, (this.#output.columns ?? 80) - 1)}`);
  }

  clear(): void {
    this.#write(CLEAR);
  }

  #write(text: string): void {
    if (this.#output.isTTY) this.#output.write(text);
  }
}

export function progressText({ done, remaining, more, lines, stored, refusedInAll, failed }: Tally): string {
  if (done === 0 && more) return 'Looking for objects …';
  const known = done + remaining;
  const filled = known === 0 ? BAR : Math.floor((done / known) * BAR);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`;
  const objects = `${numberText(done)} of ${more ? 'at least ' : ''}${numberText(known)} objects`;
  const counts = [`${numberText(lines)} lines`, `${numberText(stored)} stored`, `${numberText(refusedInAll)} refused`];
  if (failed.length > 0) counts.push(`${numberText(failed.length)} objects failed`);
  return `${bar} ${objects}, ${counts.join(', ')}`;
}

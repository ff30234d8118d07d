import type { Output } from './surroundings.ts';

const BAR = 20;
const CLEAR = '\r\x1b[2K';

/** One line of a terminal that changes. Elsewhere it shows nothing. */
export class ProgressLine {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: string): void {
    this.#write(`${CLEAR}${text.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }

  clear(): void {
    this.#write(CLEAR);
  }

  #write(text: string): void {
    if (this.#output.isTTY) this.#output.write(text);
  }
}

/** @param fraction what is done, from 0 to 1 */
export function progressBar(fraction: number): string {
  const filled = Math.floor(fraction * BAR);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`;
}

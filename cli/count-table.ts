import { numberText } from './number-text.ts';
import type { Paint, Style } from './paint.ts';
import { tableText } from './table.ts';

/** A title, a count, and how a count is painted that is not 0. */
export type CountColumn = readonly [title: string, count: number, style?: Style];

/** A table of one row, under its titles. */
export function countTable(columns: readonly CountColumn[], paint: Paint): string {
  const row = columns.map(([title, count, style]) => ({
    title,
    align: 'right' as const,
    text: () => numberText(count),
    style: () => (count > 0 ? style : undefined),
  }));
  return tableText(row, [null], { paint }).trimEnd();
}

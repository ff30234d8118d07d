import { numberText } from './number-text.ts';
import type { Paint } from './paint.ts';

/** A title, a count, and how a count is painted that is not 0. */
export type CountColumn = readonly [title: string, count: number, style?: Parameters<Paint>[1]];

/** A table of one row, under its titles. */
export function countTable(columns: readonly CountColumn[], paint: Paint): string {
  const width = ([title, count]: CountColumn) => Math.max(title.length, numberText(count).length);
  const titles = columns.map((column) => paint(column[0].padStart(width(column)), 'bold'));
  const counts = columns.map((column) => {
    const [, count, style] = column;
    const cell = numberText(count).padStart(width(column));
    return count > 0 && style ? paint(cell, style) : cell;
  });
  return `${titles.join('  ')}\n${counts.join('  ')}`;
}

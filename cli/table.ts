import type { Paint, Style } from './paint.ts';
import type { Output } from './surroundings.ts';
import { cutToWidth, padText, plainText, textWidth } from './text-width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Default: none */
  readonly style?: (row: Row) => Style | undefined;
  /** Default: left */
  readonly align?: 'left' | 'right';
  /** That it may be made narrower: the fewest columns of the terminal that it takes then, and where its texts are cut. */
  readonly shrinks?: { readonly to: number; readonly cut: 'middle' | 'end' };
  /** That it may be left out when all are as narrow as may be and still too wide: 1 first. */
  readonly dispensable?: number;
}

const GAP = '  ';

/**
 * Rows below titles, each on a line, without a space at its end.
 * @param width columns that a line may have. Columns that may shrink do, the widest first; when that is not enough,
 *   those that are dispensable are left out, and when that is not, lines are longer.
 */
export function tableText<Row>(
  all: readonly Column<Row>[],
  rows: readonly Row[],
  { paint, width = Number.POSITIVE_INFINITY }: { readonly paint: Paint; readonly width?: number },
): string {
  const { columns, cells, widths } = fitting(all, rows, width);
  const line = (texts: readonly string[], style: (i: number) => Style | undefined) =>
    texts
      .map((text, i) => {
        const { align = 'left', shrinks } = columns[i] as Column<Row>;
        const cut = shrinks ? cutToWidth(text, widths[i] as number, shrinks.cut) : text;
        const isLast = i === columns.length - 1;
        const padded = isLast && align === 'left' ? cut : padText(cut, widths[i] as number, align);
        const wanted = style(i);
        return wanted && padded.trim() ? paint(padded, wanted) : padded;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      () => 'bold',
    ),
    ...rows.map((row, r) => line(cells[r] as readonly string[], (i) => columns[i]?.style?.(row))),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

/** How wide a table may be: as the terminal is; what is no terminal takes all. */
export function widthOf({ isTTY, columns = 80 }: Output): number {
  return isTTY ? columns : Number.POSITIVE_INFINITY;
}

interface Fitting<Row> {
  readonly columns: readonly Column<Row>[];
  /** By row and column. */
  readonly cells: readonly (readonly string[])[];
  readonly widths: readonly number[];
}

function fitting<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): Fitting<Row> {
  const cells = rows.map((row) => columns.map(({ text }) => plainText(text(row))));
  const natural = columns.map(({ title }, i) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[i] ?? '')), textWidth(title)),
  );
  const { widths, excess } = narrow(columns, natural, width - GAP.length * (columns.length - 1));
  const first = columns
    .filter(({ dispensable }) => dispensable !== undefined)
    .sort((a, b) => Number(a.dispensable) - Number(b.dispensable))[0];
  if (excess === 0 || !first) return { columns, cells, widths };
  return fitting(
    columns.filter((column) => column !== first),
    rows,
    width,
  );
}

/** Makes columns narrower until they fit or none may become narrower: always the one that is widest. */
function narrow<Row>(columns: readonly Column<Row>[], natural: readonly number[], room: number) {
  const widths = [...natural];
  let excess = Math.max(0, widths.reduce((sum, width) => sum + width, 0) - room);
  for (; excess > 0; excess--) {
    let widest = -1;
    columns.forEach(({ shrinks }, i) => {
      const width = widths[i] as number;
      if (shrinks && width > shrinks.to && width > (widths[widest] ?? 0)) widest = i;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return { widths, excess };
}

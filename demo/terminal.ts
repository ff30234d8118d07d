/** What the demo shows: steps with their time, a table, and what matters in colour where a terminal can show it. */
const terminal = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (terminal ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = paint(1);
export const faint = paint(2);
const green = paint(32);
const red = paint(31);

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Shows that something is under way and for how long, and then how long it took: on a terminal in one line that
 * changes, elsewhere with a line now and then.
 *
 * @param doing with `done` the verb, for example `['Building', 'Built']`
 * @param work may tell what it is at
 * @returns what the work returns, and its seconds
 */
export async function step<T>(
  [doing, done]: readonly [doing: string, done: string],
  what: string,
  work: (tell: (detail: string) => void) => Promise<T>,
): Promise<{ readonly value: T; readonly seconds: number }> {
  const start = Date.now();
  let detail = '';
  const show = () => {
    const line = [`… ${doing} ${what}`, `${Math.round(secondsSince(start))} s`, detail].filter(Boolean).join('  ');
    if (terminal) process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
    else say(line);
  };
  show();
  const timer = setInterval(show, terminal ? 1_000 : 20_000);
  const end = (words: string) => {
    clearInterval(timer);
    if (terminal) process.stdout.write('\r\x1b[2K');
    say(`${words} ${what}  ${faint(`${secondsSince(start)} s`)}`);
  };
  try {
    const value = await work((words) => {
      detail = words;
      if (terminal) show();
    });
    const seconds = secondsSince(start);
    end(`${green('✔')} ${done}`);
    return { value, seconds };
  } catch (error) {
    end(`${red('✘')} ${doing}`);
    throw error;
  }
}

export function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 100) / 10;
}

/** Columns as wide as their widest cell; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row, i) => {
      const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
      return `  ${i === 0 ? bold(line.trimEnd()) : line.trimEnd()}`;
    })
    .join('\n');
}

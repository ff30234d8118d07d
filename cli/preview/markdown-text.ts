import { numberText } from '../number-text.ts';

/** Characters of a text that are shown: a label may have 2,048. */
const LONGEST = 200;

/** A text of the plan, as code, so that nothing of it is read as Markdown or HTML, or calls for somebody (`@name`). */
export function code(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
  const characters = [...plain];
  const shown = characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : plain;
  if (shown === '') return '(empty)';
  const longestRun = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  // Spaces at both ends are not part of the code, and keep its own from being taken for such.
  return /^[` ]|[` ]$/.test(shown) ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** The first of many, as code, and how many more there are. */
export function some(texts: readonly string[], shown: number): string {
  const first = texts.slice(0, shown).map(code).join(', ');
  const more = texts.length - shown;
  return more > 0 ? `${first} and ${numberText(more)} more` : first;
}

/** A table whose columns are aligned to the right where the title begins with `>`. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    row(titles.map((title) => title.replace(/^>/, ''))),
    row(titles.map((title) => (title.startsWith('>') ? '---:' : '---'))),
    ...rows.map(row),
  ].join('\n');
}

/** What is shown when it is asked for. */
export function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

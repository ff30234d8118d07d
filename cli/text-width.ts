/** Characters that a terminal shows two columns wide: those of East Asia, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** Marks that are put over the character before them. */
const NO_WIDTH = /\p{M}/u;

/** What is cut out of a text. */
const CUT = '…';

/** Columns that a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/**
 * A text that takes at most so many columns, the rest of it cut out of its middle or its end.
 * Of names such as those of log groups the end tells more than the middle.
 */
export function cutToWidth(text: string, width: number, where: 'middle' | 'end'): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  const tail = where === 'end' ? 0 : Math.floor((width - 1) / 2);
  const characters = [...text];
  return `${beginning(characters, width - 1 - tail)}${CUT}${ending(characters, tail)}`;
}

/** @param width columns that the text is to take, if it takes fewer */
export function padText(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** A text without what would move the cursor or colour the rest: filter patterns and messages are others' words. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

/** A text on lines of at most so many columns, ended between words. A word that is longer has a line of its own. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function characterWidth(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function beginning(characters: readonly string[], width: number): string {
  let left = width;
  const end = characters.findIndex((character) => {
    left -= characterWidth(character);
    return left < 0;
  });
  return characters.slice(0, end < 0 ? characters.length : end).join('');
}

function ending(characters: readonly string[], width: number): string {
  return [...beginning(characters.toReversed(), width)].reverse().join('');
}

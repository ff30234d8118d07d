/** A fenced block of code in a document. */
export interface Block {
  /** Path of the document. */
  readonly file: string;
  /** Of the fence that opens it, from 1. */
  readonly line: number;
  /** What stands behind that fence: the language. */
  readonly info: string;
  /** What is between the fences, less the indentation of the fence, with a line break at its end. */
  readonly text: string;
  /** What the hidden comment on the line before says of how it is tested (`<!-- test: … -->`), its parts one by one. */
  readonly instructions: readonly string[];
}

/** A document that cannot be read, in one sentence. */
export class BadDocument extends Error {
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
    this.name = 'BadDocument';
  }
}

const FENCE = /^( *)(`{3,}|~{3,})\s*([^`]*?)\s*$/;
const COMMENT = /^ *<!-- test: (.+) -->$/;

/**
 * Finds all fenced blocks of a document, those in lists as well. It is stricter than Markdown, so that no block can be
 * overlooked: https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 *
 * @throws BadDocument
 */
export function blocksOf(file: string, document: string): readonly Block[] {
  const lines = document.split(/\r?\n/);
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const instructions = COMMENT.exec(line)?.[1];
    if (instructions && !FENCE.test(lines[i + 1] ?? ''))
      throw new BadDocument(file, i + 1, 'the line after a comment of how a block is tested has to begin the block.');
    if (/^\s*([>+*-]|\d+[.)])\s+(`{3,}|~{3,})/.test(line) || /^\s*\t\s*(`{3,}|~{3,})/.test(line))
      throw new BadDocument(file, i + 1, 'a block has to begin on a line of its own, indented by spaces.');
    const [, indentation = '', fence, info = ''] = FENCE.exec(line) ?? [];
    if (!fence) continue;
    if (!/^\w+$/.test(info))
      throw new BadDocument(
        file,
        i + 1,
        info ? `"${info}" is no name of a language.` : 'the block does not say its language.',
      );
    const end = lines.findIndex((other, j) => j > i && closes(other, fence));
    if (end < 0) throw new BadDocument(file, i + 1, 'the block has no end.');
    const content = lines.slice(i + 1, end);
    const short = content.findIndex((other) => other.trim() !== '' && !other.startsWith(indentation));
    if (short >= 0)
      throw new BadDocument(file, i + 2 + short, 'the line is indented less than the fence of its block.');
    blocks.push({
      file,
      line: i + 1,
      info,
      text: content.map((other) => `${other.slice(indentation.length)}\n`).join(''),
      instructions: COMMENT.exec(lines[i - 1] ?? '')?.[1]?.split('; ') ?? [],
    });
    i = end;
  }
  return blocks;
}

function closes(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}

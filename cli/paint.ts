import type { Output } from './surroundings.ts';

export type Style = keyof typeof CODES;
export type Paint = (text: string, style: Style) => string;

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Colours for a terminal, and nothing for what is not one. */
export function paintFor({ isTTY }: Output, colours: boolean): Paint {
  return (text, style) => {
    const [on, off] = CODES[style];
    return isTTY && colours ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  };
}

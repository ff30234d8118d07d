import type { Values } from './policy.ts';

/** The value of a tag as a label has it. The module computes the same for its outputs. */
export function normalise(value: string, { trim, case: to }: Values): string {
  const trimmed = trim ? value.replace(SPACE_AROUND, '') : value;
  if (to === 'keep') return trimmed;
  return changeCase(trimmed, to === 'lower' ? (text) => text.toLowerCase() : (text) => text.toUpperCase());
}

/** As Terraform's trimspace takes it, which is Go's: by Unicode's property, unlike JavaScript's trim(). */
const SPACE_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

/**
 * Character by character, as Terraform's lower and upper are: one never becomes two (`ß` has no capital of its own), and
 * none depends on its neighbours.
 */
function changeCase(text: string, change: (text: string) => string): string {
  if (/^[\0-\x7f]*$/.test(text)) return change(text);
  return Array.from(text, (character) => {
    const changed = change(character);
    return [...changed].length === 1 ? changed : character;
  }).join('');
}

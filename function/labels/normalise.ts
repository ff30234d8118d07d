import type { Values } from './policy.ts';

/** The value of a tag as a label has it. The module computes the same for its outputs. */
export function normalise(value: string, { trim, case: to }: Values): string {
  const trimmed = trim ? value.replace(SPACE_AROUND, '') : value;
  return to === 'keep' ? trimmed : changeCase(trimmed, to);
}

/** As Terraform's trimspace takes it, which is Go's: by Unicode's property, unlike JavaScript's trim(). */
const SPACE_AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

/**
 * Character by character, as Terraform's lower and upper are: none depends on its neighbours, and none becomes two (`ß` has
 * no capital of its own; the `i̇` of `İ` is an `i`). What differs are Greek capitals with an iota beside them, as in `ᾳ`.
 */
function changeCase(text: string, to: 'lower' | 'upper'): string {
  // ASCII needs no such care.
  if (/^[\0-\x7f]*$/.test(text)) return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return Array.from(text, (character) => {
    if (to === 'lower') return Array.from(character.toLowerCase())[0];
    const upper = character.toUpperCase();
    return Array.from(upper).length === 1 ? upper : character;
  }).join('');
}

import type { Block } from './fences.ts';

/**
 * What the comment before a block may say (`<!-- test: … -->`, several parts separated by "; "), by language:
 * CONTRIBUTING.md describes them.
 */
const KNOWN: Readonly<Record<string, readonly RegExp[]>> = {
  hcl: [/^with [\w-]+$/, /^arguments of \w+$/, /^in \S+$/],
  sh: [/^with [\w-]+$/, /^only checked: .+\.$/, /^\S+=\S+$/],
  text: [/^in \S+$/, /^paths$/, /^Logs Insights$/],
  yaml: [/^in \S+$/, /^Loki$/],
  json: [/^in \S+$/],
  logql: [],
};

/** Languages that a block may be in. */
export const LANGUAGES = Object.keys(KNOWN);

/** @throws Error for what is no instruction for a block of its language */
export function checkInstructions({ info, instructions }: Block): void {
  const known = KNOWN[info];
  if (!known) throw new Error(`"${info}" is none of the languages that a block may be in: ${LANGUAGES.join(', ')}.`);
  for (const instruction of instructions)
    if (!known.some((one) => one.test(instruction)))
      throw new Error(`"${instruction}" is nothing that a test knows to do with a block of ${info}.`);
}

/** What stands behind an instruction: of `with functions`, for `with`, `functions`. Undefined where the block has none such. */
export function argumentOf({ instructions }: Block, instruction: string): string | undefined {
  return instructions.find((one) => one.startsWith(`${instruction} `))?.slice(instruction.length + 1);
}

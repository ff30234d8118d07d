/** What the command line asks for. */
export interface Options {
  /** Leaves everything running until Ctrl-C. */
  readonly keep: boolean;
  /** Ends with one line of JSON. */
  readonly json: boolean;
}

export const USAGE = `npm run demo -- [--keep] [--json]

  --keep   leaves everything running, and prints the addresses; Ctrl-C destroys it
  --json   prints the result as one JSON object on the last line`;

/** @throws Error that names an option which there is not */
export function parseOptions(args: readonly string[]): Options {
  const unknown = args.find((arg) => arg !== '--keep' && arg !== '--json');
  if (unknown !== undefined) throw new Error(`There is no option ${unknown}.\n\n${USAGE}`);
  return { keep: args.includes('--keep'), json: args.includes('--json') };
}

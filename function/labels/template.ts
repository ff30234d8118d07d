/** One or more pieces: text, or alternatives between braces. */
const TEMPLATE = /^(?:[^{}]|\{[^{}|]+(?:\|[^{}|]+)*\})+$/u;

/** Whether a value that came as JSON is a template, such as `{service|owner}-{log_group_name}`. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && TEMPLATE.test(value);
}

/** A text, or the names of values of which the first that is there takes the place. */
export type Piece = string | readonly string[];

/** The pieces of a template, which must be one. */
export function piecesOf(template: string): readonly Piece[] {
  return Array.from(template.matchAll(/\{([^{}]*)\}|[^{}]+/g), ([text, names]) => names?.split('|') ?? text);
}

/** @param find gives the value of a name, empty where there is none */
export function fill(pieces: readonly Piece[], find: (name: string) => string): string {
  let text = '';
  for (const piece of pieces) text += typeof piece === 'string' ? piece : firstValue(piece, find);
  return text;
}

function firstValue(names: readonly string[], find: (name: string) => string): string {
  for (const name of names) {
    const value = find(name);
    if (value) return value;
  }
  return '';
}

/**
 * Why a value is not told: `unknown` until the apply, `sensitive`, `unreadable` for this version of the command line, or
 * `elsewhere`, in the plan of another stack.
 */
export type Hidden = 'unknown' | 'sensitive' | 'unreadable' | 'elsewhere';

/** A value of the plan, or why the plan does not tell it. */
export type Value<T> = { readonly known: T } | { readonly hidden: Hidden };

export function hidden(why: Hidden): { readonly hidden: Hidden } {
  return { hidden: why };
}

export function known<T>(value: T): { readonly known: T } {
  return { known: value };
}

/** What is known; undefined where it is hidden. */
export function knownOf<T>(value: Value<T>): T | undefined {
  return 'known' in value ? value.known : undefined;
}

export function isHidden<T>(value: Value<T>): value is { readonly hidden: Hidden } {
  return 'hidden' in value;
}

/** What a function makes of a value; what is hidden stays so. */
export function mapValue<T, U>(value: Value<T>, make: (known: T) => U): Value<U> {
  return 'known' in value ? known(make(value.known)) : value;
}

/** Whether two values are equal for certain: what is hidden equals nothing. */
export function isSame(a: Value<unknown>, b: Value<unknown>): boolean {
  return 'known' in a && 'known' in b && a.known === b.known;
}

/** The values of a resource before or after a change, with the marks of what is hidden, which have the same form. */
export interface Side {
  readonly values: unknown;
  readonly unknown: unknown;
  readonly sensitive: unknown;
}

/** What is at a path; `undefined` is known where there is nothing. What is hidden in part is hidden. */
export function read({ values, unknown, sensitive }: Side, ...path: readonly (string | number)[]): Value<unknown> {
  let at: Side = { values, unknown, sensitive };
  for (const step of path) {
    if (at.unknown === true) return hidden('unknown');
    if (at.sensitive === true) return hidden('sensitive');
    at = { values: child(at.values, step), unknown: child(at.unknown, step), sensitive: child(at.sensitive, step) };
  }
  if (isMarked(at.unknown)) return hidden('unknown');
  if (isMarked(at.sensitive)) return hidden('sensitive');
  return known(at.values);
}

/** The text at a path; null where there is none. */
export function readText(side: Side, ...path: readonly (string | number)[]): Value<string | null> {
  return mapValue(read(side, ...path), (value) => (typeof value === 'string' ? value : null));
}

/** The number at a path; null where there is none. */
export function readNumber(side: Side, ...path: readonly (string | number)[]): Value<number | null> {
  return mapValue(read(side, ...path), (value) => (typeof value === 'number' ? value : null));
}

/** The JSON that a text at a path holds; null where there is none. */
export function readJson(side: Side, ...path: readonly (string | number)[]): Value<unknown> {
  const text = readText(side, ...path);
  if (isHidden(text) || text.known === null) return text;
  try {
    return known(JSON.parse(text.known));
  } catch {
    return hidden('unreadable');
  }
}

function child(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[step];
}

/** Whether a mark, or any in it, is set. Without recursion: nobody says how deep it is. */
function isMarked(mark: unknown): boolean {
  const marks = [mark];
  for (const one of marks) {
    if (one === true) return true;
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) marks.push(inner);
  }
  return false;
}

/**
 * The label that a tag's key becomes. Loki takes `[a-zA-Z_][a-zA-Z0-9_]*`, and names that start with `__` are its own:
 * every other character becomes `_`, more than one `_` in front become one, a leading digit gets one.
 * The module computes the same for its outputs (modules/shipper/label-names.ts).
 */
export function labelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/gu, '_').replace(/^(?:__+|(?=[0-9]))/, '_');
}

/** Whether Loki takes the name as it is, for labels and for structured metadata. */
export function isLabelName(name: string): boolean {
  return name !== '' && name !== NO_NAME && labelName(name) === name;
}

/**
 * What is left of a key without a letter or digit that Loki takes, for example of `名前`. One such name in the structured
 * metadata makes Loki 3.7 refuse the push with status 500, each time ("normalization … resulted in invalid name").
 */
export const NO_NAME = '_';

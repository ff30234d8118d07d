/**
 * The label that a tag's key becomes. Loki takes `[a-zA-Z_][a-zA-Z0-9_]*`, and names that start with `__` are its own:
 * every other character becomes `_`, more than one `_` in front become one, a leading digit gets one.
 * The module computes the same for its outputs (modules/shipper/label-names.ts).
 */
export function labelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/gu, '_').replace(/^(?:__+|(?=[0-9]))/, '_');
}

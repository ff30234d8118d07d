import { hcl } from '../hcl.ts';

/** The labels that every stream has: `function/labels` writes them first, so no other label can take their names. */
export const BUILT_IN_LABELS = ['service_name', 'log_group', 'account_id', 'region'] as const;

/** Loki's default limit (`max_label_names_per_series`). */
export const MAX_LABELS = 15;

/**
 * The label that the key of a tag becomes: what Loki refuses in a name becomes `_`, and so do more than one `_` in
 * front; a leading digit gets one. The same rule as in `function/labels`, which a test holds to it.
 * @param key expression of the key
 */
export function labelName(key: string): string {
  return hcl`replace(replace(${key}, "/[^a-zA-Z0-9_]/", "_"), "/^(?:__+|([0-9]))/", "_$1")`;
}

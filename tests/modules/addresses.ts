import type { BlocksJson } from '../../modules/module-json.ts';

/** The addresses of resources or look-ups of a module, such as `aws_iam_role.shipper`. */
export function addresses(blocks: BlocksJson): string[] {
  return Object.entries(blocks).flatMap(([type, names]) => Object.keys(names).map((name) => `${type}.${name}`));
}

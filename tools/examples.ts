import { existsSync, readdirSync } from 'node:fs';

/** The folders below `examples` that Terraform applies as they are, by name. */
export const EXAMPLES: readonly string[] = readdirSync('examples')
  .filter((name) => existsSync(`examples/${name}/main.tf`))
  .sort();

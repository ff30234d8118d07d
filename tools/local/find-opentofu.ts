import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './folders.ts';
import { buildGoProgram } from './go-program.ts';
import type { Tell } from './progress.ts';
import { VERSIONS } from './versions.ts';

/**
 * Finds OpenTofu: LOKI_SHIPPER_OPENTOFU, else one that was built before; else it is built, which takes minutes.
 *
 * @returns the program
 * @throws MissingPart when it has to be built and Go is missing
 */
export async function findOpenTofu(tell: Tell): Promise<string> {
  const variable = 'LOKI_SHIPPER_OPENTOFU';
  const named = process.env[variable];
  if (named) return named;
  const version = VERSIONS.opentofu.newest;
  const built = join(CACHE, `tofu-${version}`);
  if (existsSync(built)) return built;
  const props = {
    title: `OpenTofu ${version}`,
    folder: 'opentofu',
    main: 'github.com/opentofu/opentofu/cmd/tofu',
    // Without it, it says that it is a version under development.
    variables: ['github.com/opentofu/opentofu/version.dev=no'],
    takes: 'about three minutes',
    variable,
  };
  await buildGoProgram(props, built, tell);
  return built;
}

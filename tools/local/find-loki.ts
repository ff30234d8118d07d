import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, run } from './commands.ts';
import { CACHE } from './folders.ts';
import { buildGoProgram } from './go-program.ts';
import type { Tell } from './progress.ts';
import { VERSIONS } from './versions.ts';

const VARIABLE = 'LOKI_SHIPPER_LOKI';

/**
 * Finds Loki: LOKI_SHIPPER_LOKI, else the PATH's if it is the version we want, else one that was built before; else it
 * is built, which takes minutes.
 *
 * @returns the program
 * @throws MissingPart when it has to be built and Go is missing
 */
export async function findLoki(tell: Tell): Promise<string> {
  const ready = await findReadyLoki();
  if (ready) return ready;
  const props = {
    title: `Loki ${VERSIONS.loki}`,
    folder: 'loki',
    main: 'github.com/grafana/loki/v3/cmd/loki',
    takes: 'about ten minutes',
    variable: VARIABLE,
  };
  await buildGoProgram(props, builtLoki(), tell);
  return builtLoki();
}

/** Finds Loki as findLoki does, but builds none. */
export async function findReadyLoki(): Promise<string | undefined> {
  const named = process.env[VARIABLE];
  if (named) return named;
  const installed = onPath('loki');
  if (installed && (await run(installed, ['-version'])).stdout.includes(`version ${VERSIONS.loki} `)) return installed;
  const built = builtLoki();
  return existsSync(built) ? built : undefined;
}

function builtLoki(): string {
  return join(CACHE, `loki-${VERSIONS.loki}`);
}

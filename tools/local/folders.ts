import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

/** The ignored folder of this checkout that holds all that the local stack installs and writes. */
export const LOCAL = resolve('.local');

/** Where a built Loki is kept: a folder of the user's choice outlives the checkout. */
export const CACHE = process.env.LOKI_SHIPPER_CACHE ? resolve(process.env.LOKI_SHIPPER_CACHE) : LOCAL;

const runs = new Set<string>();
process.on('exit', () => {
  for (const folder of runs) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one run, gone when this process ends. */
export function runFolder(): string {
  mkdirSync(`${LOCAL}/run`, { recursive: true });
  const folder = mkdtempSync(`${LOCAL}/run/`);
  runs.add(folder);
  return folder;
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';

/** The root of this checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Its ignored folder that holds all that the local stack installs and writes. */
export const LOCAL = resolve(ROOT, '.local');

/** Where a built Loki is kept: a folder of the user's choice outlives the checkout. */
export const CACHE = process.env.LOKI_SHIPPER_CACHE ? resolve(process.env.LOKI_SHIPPER_CACHE) : LOCAL;

/** A folder for one run, gone at the latest when this process ends. */
export interface RunFolder {
  readonly path: string;
  remove(): void;
}

export function runFolder(): RunFolder {
  mkdirSync(`${LOCAL}/run`, { recursive: true });
  const path = mkdtempSync(`${LOCAL}/run/`);
  // What was just killed may write its last file while the folder is emptied: then it is emptied again.
  const empty = () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const callOff = atEnd(empty);
  const remove = () => {
    empty();
    callOff();
  };
  return { path, remove };
}

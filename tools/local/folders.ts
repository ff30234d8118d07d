import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';

/** The root of this checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Its ignored folder that holds all that the local stack installs and writes. */
export const LOCAL = resolve(ROOT, '.local');

/** Where a built Loki is kept: a folder of the user's choice outlives the checkout. */
export const CACHE = process.env.LOKI_SHIPPER_CACHE ? resolve(process.env.LOKI_SHIPPER_CACHE) : LOCAL;

/** A folder for one run, named after this process, and gone at the latest when it ends. */
export function runFolder(): string {
  mkdirSync(`${LOCAL}/run`, { recursive: true });
  const folder = mkdtempSync(`${LOCAL}/run/${process.pid}-`);
  atEnd(() => removeFolder(folder));
  return folder;
}

/** Removes a folder, also when a process that was just killed still writes its last file there. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Writes a file which others may read or write at the same time: they see all of it, or what was there before. */
export function writeWhole(file: string, content: string, mode = 0o644): void {
  const written = `${file}.${process.pid}`;
  writeFileSync(written, content, { mode });
  renameSync(written, file);
}

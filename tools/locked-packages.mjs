// What npm installs for a lock file, and what of it is in node_modules.
import { readFileSync } from 'node:fs';

/** Beside the packages: the lock file that they were installed for. */
export const STAMP = 'node_modules/.loki-shipper-lock';

/** Whether the packages of a lock file are in node_modules. The project's own version, which it has as well, is none of them. */
export function areInstalled(lock) {
  try {
    return packagesOf(readFileSync(STAMP, 'utf8')) === packagesOf(lock);
  } catch {
    return false;
  }
}

function packagesOf(lock) {
  const { packages } = JSON.parse(lock);
  return JSON.stringify({ ...packages, '': { ...packages[''], version: undefined } });
}

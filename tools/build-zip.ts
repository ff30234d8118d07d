import { zipSync } from 'fflate';

/**
 * Zips files so that equal files give equal bytes on every machine, in every time zone, and so that Lambda can read
 * them: without the mode, they would be unpacked as files that nobody may read.
 */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = [...files.keys()].sort();
  return zipSync(
    Object.fromEntries(names.map((name) => [name, files.get(name) ?? new Uint8Array()])),
    // A zip holds local time without its zone: what is local here has to be put in as local.
    { level: 9, mtime: new Date(1980, 0, 1, 12), os: UNIX, attrs: REGULAR_FILE << 16 },
  );
}

const UNIX = 3;
/** `-rw-r--r--` */
const REGULAR_FILE = 0o100644;

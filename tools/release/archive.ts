import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import { tarOf } from './objects.ts';

export interface Archive {
  readonly file: string;
  readonly checksumFile: string;
  readonly sha256: string;
}

export function archiveName(version: string): string {
  return `loki-shipper-${version}.tar.gz`;
}

/**
 * Writes the tree of a commit as an archive, and its checksum as `sha256sum --check` reads it. fflate packs it, in
 * JavaScript: Node's own zlib gives other bytes in other versions of Node.
 */
export function writeArchive(commit: string, version: string, folder = 'dist/release'): Archive {
  const name = archiveName(version);
  const bytes = gzipSync(tarOf(commit), { level: 9, mtime: 0 });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const archive = { file: `${folder}/${name}`, checksumFile: `${folder}/${name}.sha256`, sha256 };
  mkdirSync(folder, { recursive: true });
  writeFileSync(archive.file, bytes);
  writeFileSync(archive.checksumFile, `${sha256}  ${name}\n`);
  return archive;
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { zip } from '../tools/build-zip.ts';
import { bundleFunction, FOR_LAMBDA } from '../tools/bundle.ts';

const FOLDER = '.build/bench';

/** The code that ships, as files. */
export interface Bundles {
  /** The shipper's entry file. */
  readonly shipper: URL;
  /** A module with nothing in it, to compare with. */
  readonly empty: URL;
  /** Bytes that a start of the shipper reads: its entry file and what that imports at once. */
  readonly startBytes: number;
  /** Bytes of the zip with both functions. */
  readonly zipBytes: number;
}

export async function writeBundles(): Promise<Bundles> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const { files } = await bundleFunction();
  for (const [name, content] of files) write(name, content);
  return {
    shipper: write('shipper.mjs', files.get('shipper.mjs') ?? ''),
    empty: write('empty.mjs', ''),
    startBytes: bytesToStart(files),
    zipBytes: zip(files).length,
  };
}

/** The hot path alone, in a bundle made as the shipper's is, which exports its handler only. */
export async function importHotPath(): Promise<typeof import('./hot-path.ts')> {
  const { outputFiles } = await build({
    entryPoints: ['bench/hot-path.ts'],
    ...FOR_LAMBDA,
    write: false,
  });
  return import(write('hot-path.mjs', outputFiles[0]?.contents ?? '').href);
}

function bytesToStart(files: ReadonlyMap<string, Uint8Array>): number {
  const names = new Set(['shipper.mjs']);
  let bytes = 0;
  for (const name of names) {
    const content = files.get(name) ?? new Uint8Array();
    bytes += content.length;
    const text = Buffer.from(content).toString();
    for (const [, imported = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) names.add(imported);
  }
  return bytes;
}

function write(name: string, content: Uint8Array | string): URL {
  writeFileSync(`${FOLDER}/${name}`, content);
  return pathToFileURL(`${FOLDER}/${name}`);
}

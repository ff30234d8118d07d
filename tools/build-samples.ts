import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { zip } from './build-zip.ts';

const SOURCES = 'examples/demo/functions';

/** Zips the sample functions of the demo: a folder each, to `<dist>/samples/<name>.zip`. */
export function buildSamples(dist: string): void {
  mkdirSync(`${dist}/samples`, { recursive: true });
  for (const name of readdirSync(SOURCES)) {
    const folder = `${SOURCES}/${name}`;
    const files = readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`)] as const);
    writeFileSync(`${dist}/samples/${name}.zip`, zip(new Map(files)));
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../../function/version.ts';
import { synthesize } from '../../main.ts';
import { lokiReadme } from '../../tools/build-loki-readme.ts';
import { logGroupReadme, moduleReadme } from '../../tools/build-readme.ts';
import { sourcesOf } from '../../tools/release/module-source.ts';
import { type Block, blocksOf } from './fences.ts';

/** The blocks of all documents: those in the repository, and the READMEs of the published modules. */
export function allBlocks(): readonly Block[] {
  return [...Object.entries(written()), ...Object.entries(published())].flatMap(([file, text]) => blocksOf(file, text));
}

function written(): Readonly<Record<string, string>> {
  const below = ['docs', 'examples'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const files = [...readdirSync('.'), ...below].filter((file) => file.endsWith('.md') && !file.includes('.terraform'));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'utf8')]));
}

function published(): Readonly<Record<string, string>> {
  const sourceOf = sourcesOf(VERSION);
  const { shipper, logGroup, loki } = synthesize();
  return {
    'dist/module/README.md': moduleReadme(shipper, sourceOf),
    'dist/module/modules/log-group/README.md': logGroupReadme(logGroup, sourceOf),
    'dist/module/modules/loki/README.md': lokiReadme(loki, sourceOf),
  };
}

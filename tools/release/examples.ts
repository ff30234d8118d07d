import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceOf } from '../build-readme.ts';
import { EXAMPLES } from '../examples.ts';

/** What Terraform, and nobody else, writes beside an example that was applied. */
const LEFT_BY_TERRAFORM = /(^|\/)\.terraform|\.tfstate/;

const MODULE_SOURCE = /"\.\.\/\.\.\/dist\/module(?:\/modules\/([\w-]+))?"/g;
const SAMPLE = /\$\{path\.module\}\/\.\.\/\.\.\/dist\/samples\//g;

/** Besides those that are applied: how plans are reviewed in pipelines. */
const FOLDERS = [...EXAMPLES, 'ci'].map((name) => `examples/${name}`);

/**
 * Writes the examples as they are in a release: their modules are those of the release, and the zips of their functions
 * are beside them, so that the folder of an example is all of it.
 *
 * @param samples folder of those zips
 * @param folder of the release
 */
export function writeExamples(samples: string, folder: string, sourceOf: SourceOf): void {
  for (const example of FOLDERS.filter((name) => existsSync(name))) {
    for (const path of filesBelow(example)) {
      const to = join(folder, path);
      mkdirSync(dirname(to), { recursive: true });
      copyFileSync(path, to);
      if (/\.(tf|md|ya?ml)$/.test(path)) writeFileSync(to, released(readFileSync(path, 'utf8'), sourceOf));
    }
    copySamples(samples, example, folder);
  }
}

/** A file of an example, of Terraform or for people, as it is in a release. */
export function released(text: string, sourceOf: SourceOf): string {
  return text
    .replaceAll(MODULE_SOURCE, (_, module?: 'log-group' | 'loki') => JSON.stringify(sourceOf(module)))
    .replaceAll(SAMPLE, '${path.module}/samples/')
    .replaceAll('dist/module/', '../../')
    .replaceAll(/^npm run build\n/gm, '');
}

/** The zips that an example names, or all of them where it names them by a variable. */
function copySamples(samples: string, example: string, folder: string): void {
  const code = filesBelow(example)
    .filter((path) => path.endsWith('.tf'))
    .map((path) => readFileSync(path, 'utf8'))
    .join();
  const named = Array.from(code.matchAll(/dist\/samples\/([^"]+)/g), ([, name = '']) => name);
  const zips = readdirSync(samples).filter((zip) => named.some((name) => name === zip || name.includes('${')));
  if (zips.length > 0) mkdirSync(join(folder, example, 'samples'), { recursive: true });
  for (const zip of zips) copyFileSync(join(samples, zip), join(folder, example, 'samples', zip));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).replaceAll('\\', '/'))
    .filter((path) => !LEFT_BY_TERRAFORM.test(path))
    .sort();
}

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './build-commit.ts';
import type { Preparation } from './checks.ts';

/** Writes into a copy of the project what a release changes of it. */
export function writeVersion(folder: string, { version, before, changelog }: Preparation): void {
  const change = (file: string, to: (text: string) => string) =>
    writeFileSync(join(folder, file), to(readFileSync(join(folder, file), 'utf8')));

  change('CHANGELOG.md', () => changelog);
  change('package.json', (text) => text.replace(/^( {2}"version": )".*"/m, `$1"${version}"`));
  change('package-lock.json', (text) => lockOf(text, version));
  change('function/version.ts', (text) => text.replace(/(VERSION = )'.*'/, `$1'${version}'`));
  // What the documents show, readers paste.
  for (const file of documents(folder)) change(file, (text) => text.replaceAll(`?ref=v${before}`, `?ref=v${version}`));
  runScript(folder, 'tools/release/record.ts', version);
  runScript(folder, 'tools/docs/write.ts');
}

function lockOf(text: string, version: string): string {
  const lock = JSON.parse(text);
  lock.version = version;
  lock.packages[''].version = version;
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function documents(folder: string): readonly string[] {
  const docs = readdirSync(join(folder, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.map((file) => `docs/${file}`)];
}

import { readdirSync, readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { packageName } from '../lock.ts';

/** A package of which there is something in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier, as the package says it. */
  readonly license: string;
  /** Its licence and notices, as it brings them; empty when it brings none. */
  readonly texts: readonly string[];
  /** Names of the bundled packages that it imports. */
  readonly imports: readonly string[];
}

/** What a bundle is made of. */
export interface Bundled {
  /** By name. */
  readonly packages: readonly BundledPackage[];
  /** Names of the packages that the project's own code imports. */
  readonly imports: readonly string[];
}

/**
 * The packages of which at least a byte is in a bundle, and what imports what among them.
 *
 * @throws Error when a package is there in two versions, or does not say its licence
 */
export function bundledPackages(metafiles: readonly Metafile[]): Bundled {
  const folders = new Set(metafiles.flatMap(inputsWithBytes).flatMap((path) => packageFolder(path) ?? []));
  const imports = new Map<string | undefined, Set<string>>();
  for (const { inputs } of metafiles)
    for (const [path, input] of Object.entries(inputs)) {
      const importer = packageFolder(path);
      const known = imports.get(importer) ?? new Set();
      imports.set(importer, known);
      for (const imported of input.imports) {
        const folder = packageFolder(imported.path);
        if (folder && folder !== importer && folders.has(folder)) known.add(folder);
      }
    }
  const namesOf = (importer?: string) => Array.from(imports.get(importer) ?? [], packageName).sort();
  const packages = [...folders].sort().map((folder) => readPackage(folder, namesOf(folder)));
  const names = new Set(packages.map(({ name }) => name));
  if (names.size < packages.length) throw new Error(`A package is bundled in two versions: ${[...folders].join(', ')}`);
  return { packages, imports: namesOf() };
}

/** The licence of a package as a file, or what goes with it. */
const LICENCE_FILE = /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i;

function readPackage(folder: string, imports: readonly string[]): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder}/package.json does not say its licence.`);
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.sort().map((file) => readFileSync(`${folder}/${file}`, 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, license, texts, imports };
}

function inputsWithBytes({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

/** The folder of the package that a file belongs to; undefined for the project's own. */
function packageFolder(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

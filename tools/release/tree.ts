import { appendFileSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FOLDERS } from '../../main.ts';
import { type Built, build } from '../build.ts';
import { CLI } from '../bundle.ts';
import { removeFolder, runFolder } from '../local/folders.ts';
import { lockedPackages } from '../lock.ts';
import { bundledPackages } from './bundled-packages.ts';
import { contentsText } from './contents.ts';
import { writeExamples } from './examples.ts';
import { thirdPartyLicenses } from './licenses.ts';
import { repositoryUrl, sourcesOf } from './module-source.ts';
import { sbomOf } from './sbom.ts';

/** Writes what the tag of a release holds, made of the working copy. @param folder is created, or is empty */
export async function writeReleaseTree(folder: string, version: string): Promise<void> {
  const dist = runFolder();
  try {
    const sourceOf = sourcesOf(version);
    const built = await build(dist, sourceOf);
    cpSync(`${dist}/${FOLDERS.shipper}`, folder, { recursive: true });
    writeExamples(`${dist}/samples`, folder, sourceOf);
    mkdirSync(`${folder}/bin`);
    copyFileSync(`${dist}/cli/${CLI}`, `${folder}/bin/${CLI}`);
    copyFileSync('CHANGELOG.md', `${folder}/CHANGELOG.md`);
    writeOrigins(folder, version, built);
  } finally {
    removeFolder(dist);
  }
}

/** Writes what tells what is in the tree, and whose code it is. */
function writeOrigins(folder: string, version: string, { functionBundle, cliBundle }: Built): void {
  const packageJson = readFileSync('package.json', 'utf8');
  const repository = repositoryUrl(packageJson) ?? '';
  appendFileSync(`${folder}/README.md`, contentsText(readdirSync(`${folder}/examples`).sort(), repository));
  const bundled = bundledPackages(functionBundle.metafiles);
  const inCli = bundledPackages(cliBundle.metafiles);
  const parts = { 'function.zip': bundled.packages, [`bin/${CLI}`]: inCli.packages };
  writeFileSync(`${folder}/THIRD_PARTY_LICENSES.md`, thirdPartyLicenses(parts, readFileSync('LICENSE', 'utf8')));
  const sbom = sbomOf({
    version,
    repository,
    license: JSON.parse(packageJson).license,
    functionZip: readFileSync(`${folder}/function.zip`),
    bundled,
    locked: lockedPackages(),
  });
  writeFileSync(`${folder}/sbom.cdx.json`, sbom);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', version = ''] = process.argv.slice(2);
  await writeReleaseTree(folder, version);
}

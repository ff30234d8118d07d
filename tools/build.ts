import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FOLDERS, publish } from '../main.ts';
import { writeDashboards } from '../modules/loki/dashboards/index.ts';
import { lokiReadme } from './build-loki-readme.ts';
import { logGroupReadme, moduleReadme, type SourceOf } from './build-readme.ts';
import { buildSamples } from './build-samples.ts';
import { zip } from './build-zip.ts';
import { type Bundle, bundleCli, bundleFunction, CLI } from './bundle.ts';
import { readDemoFiles } from './demo-files.ts';

/** What the bundles of a build are made of. */
export interface Built {
  readonly functionBundle: Bundle;
  readonly cliBundle: Bundle;
}

/**
 * Writes the modules as they are published to `<dist>/module`, and the command line to `<dist>/cli`. The same sources
 * give the same bytes, wherever they are.
 *
 * @param sourceOf for the READMEs: what callers write
 */
export async function build(dist = 'dist', sourceOf?: SourceOf): Promise<Built> {
  const functionBundle = await bundleFunction();
  const { shipper, logGroup, loki } = publish(dist);
  writeFileSync(`${dist}/${FOLDERS.shipper}/function.zip`, zip(functionBundle.files));
  writeFileSync(`${dist}/${FOLDERS.shipper}/README.md`, moduleReadme(shipper, sourceOf));
  writeFileSync(`${dist}/${FOLDERS.logGroup}/README.md`, logGroupReadme(logGroup, sourceOf));
  writeFileSync(`${dist}/${FOLDERS.loki}/README.md`, lokiReadme(loki, sourceOf));
  copyHostFiles(`${dist}/${FOLDERS.loki}`);
  writeDashboards(`${dist}/${FOLDERS.loki}/host`);
  copyFileSync('LICENSE', `${dist}/${FOLDERS.shipper}/LICENSE`);
  buildSamples(dist);
  const cliBundle = await bundleCli(readDemoFiles(dist));
  mkdirSync(`${dist}/cli`, { recursive: true });
  for (const [name, content] of cliBundle.files) writeFileSync(`${dist}/cli/${name}`, content);
  chmodSync(`${dist}/cli/${CLI}`, 0o755);
  return { functionBundle, cliBundle };
}

/** The files of the host, of which Terraform makes those on the instance. */
function copyHostFiles(folder: string): void {
  // What is no longer among the sources would be put on the instance, too.
  rmSync(`${folder}/host`, { recursive: true, force: true });
  cpSync('modules/loki/host', `${folder}/host`, { recursive: true });
  copyFileSync('modules/loki/user-data.yaml.tftpl', `${folder}/user-data.yaml.tftpl`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  console.log('dist/module: main.tf.json, function.zip, README.md, LICENSE, modules/log-group, modules/loki');
  console.log('dist/cli: loki-shipper.mjs');
}

import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FOLDERS, publish } from '../main.ts';
import { writeDashboards } from '../modules/loki/dashboards/index.ts';
import { lokiReadme } from './build-loki-readme.ts';
import { logGroupReadme, moduleReadme } from './build-readme.ts';
import { buildSamples } from './build-samples.ts';
import { zip } from './build-zip.ts';
import { bundleCli, bundleFunction } from './bundle.ts';
import { readDemoFiles } from './demo-files.ts';

/** Writes the modules as they are published to `<dist>/module`, and the command line to `<dist>/cli`. The same sources give the same bytes, wherever they are. */
export async function build(dist = 'dist'): Promise<void> {
  const { shipper, logGroup, loki } = publish(dist);
  writeFileSync(`${dist}/${FOLDERS.shipper}/function.zip`, zip(await bundleFunction()));
  writeFileSync(`${dist}/${FOLDERS.shipper}/README.md`, moduleReadme(shipper));
  writeFileSync(`${dist}/${FOLDERS.logGroup}/README.md`, logGroupReadme(logGroup));
  writeFileSync(`${dist}/${FOLDERS.loki}/README.md`, lokiReadme(loki));
  copyHostFiles(`${dist}/${FOLDERS.loki}`);
  writeDashboards(`${dist}/${FOLDERS.loki}/host`);
  copyFileSync('LICENSE', `${dist}/${FOLDERS.shipper}/LICENSE`);
  buildSamples(dist);
  mkdirSync(`${dist}/cli`, { recursive: true });
  writeFileSync(`${dist}/cli/loki-shipper.mjs`, await bundleCli(readDemoFiles(dist)));
  chmodSync(`${dist}/cli/loki-shipper.mjs`, 0o755);
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

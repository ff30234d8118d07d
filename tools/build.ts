import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FOLDERS, publish } from '../main.ts';
import { writeDashboards } from '../modules/loki/dashboards/index.ts';
import { logGroupReadme, moduleReadme } from './build-readme.ts';
import { buildSamples } from './build-samples.ts';
import { zip } from './build-zip.ts';
import { bundleCli, bundleFunction } from './bundle.ts';
import { readDemoFiles } from './demo-files.ts';

/** Writes the modules as they are published to `<dist>/module`, and the command line to `<dist>/cli`. The same sources give the same bytes, wherever they are. */
export async function build(dist = 'dist'): Promise<void> {
  const { shipper, logGroup } = publish(dist);
  writeFileSync(`${dist}/${FOLDERS.shipper}/function.zip`, zip(await bundleFunction()));
  writeFileSync(`${dist}/${FOLDERS.shipper}/README.md`, moduleReadme(shipper));
  writeFileSync(`${dist}/${FOLDERS.logGroup}/README.md`, logGroupReadme(logGroup));
  writeDashboards(`${dist}/module/modules/loki/host`);
  copyFileSync('LICENSE', `${dist}/${FOLDERS.shipper}/LICENSE`);
  buildSamples(dist);
  mkdirSync(`${dist}/cli`, { recursive: true });
  writeFileSync(`${dist}/cli/loki-shipper.mjs`, await bundleCli(readDemoFiles(dist)));
  chmodSync(`${dist}/cli/loki-shipper.mjs`, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  console.log('dist/module: main.tf.json, function.zip, README.md, LICENSE, modules/log-group');
  console.log('dist/cli: loki-shipper.mjs');
}

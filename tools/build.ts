import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publish } from '../main.ts';
import { moduleReadme } from './build-readme.ts';
import { buildSamples } from './build-samples.ts';
import { zip } from './build-zip.ts';
import { bundleCli, bundleFunction } from './bundle.ts';

/** Writes the module as it is published to `<dist>/module`, and the command line to `<dist>/cli`. The same sources give the same bytes, wherever they are. */
export async function build(dist = 'dist'): Promise<void> {
  const { module } = publish(dist);
  writeFileSync(`${dist}/module/function.zip`, zip(await bundleFunction()));
  writeFileSync(`${dist}/module/README.md`, moduleReadme(module));
  copyFileSync('LICENSE', `${dist}/module/LICENSE`);
  buildSamples(dist);
  mkdirSync(`${dist}/cli`, { recursive: true });
  writeFileSync(`${dist}/cli/loki-shipper.mjs`, await bundleCli());
  chmodSync(`${dist}/cli/loki-shipper.mjs`, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  console.log('dist/module: main.tf.json, function.zip, README.md, LICENSE');
  console.log('dist/cli: loki-shipper.mjs');
}

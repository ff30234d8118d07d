import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoFiles } from '../cli/demo/files.ts';

/** Of the modules and the demo: what Terraform reads, the files of the host among it. */
const READ_BY_TERRAFORM = /\.(tf|tf\.json|tftpl|zip)$|^modules\/loki\/host\//;

/** What `loki-shipper demo` writes into its folder: the module and the samples that were built, and `examples/demo`. */
export function readDemoFiles(dist: string): DemoFiles {
  const [module, samples] = [join(dist, 'module'), join(dist, 'samples')];
  const files = [
    ...filesOf(module, 'dist/module'),
    ...filesOf(samples, 'dist/samples'),
    ...filesOf('examples/demo', 'examples/demo'),
  ];
  return Object.fromEntries(files.map(([path, file]) => [path, readFileSync(file, 'base64')]));
}

/** @returns where a file is to be, and where it is */
function filesOf(folder: string, path: string): readonly (readonly [path: string, file: string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => READ_BY_TERRAFORM.test(name) && !name.includes('.terraform/'))
    .sort()
    .map((name) => [`${path}/${name}`, join(folder, name)] as const)
    .filter(([, file]) => statSync(file).isFile());
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModuleJson } from './modules/module-json.ts';
import { newModuleApp } from './modules/module-stack.ts';
import { ShipperModule } from './modules/shipper/index.ts';

/**
 * Writes what is published, each module to its folder below `dist`, and to the folder that `cdktf synth` asks for.
 * @returns what was written, by folder
 */
export function publish(dist = 'dist'): Readonly<Record<'module', ModuleJson>> {
  const app = newModuleApp();
  const shipper = new ShipperModule(app);
  app.synth();

  const modules = { module: shipper.toModule() };
  for (const [folder, module] of Object.entries(modules)) {
    mkdirSync(`${dist}/${folder}`, { recursive: true });
    writeFileSync(`${dist}/${folder}/main.tf.json`, `${JSON.stringify(module, null, 2)}\n`);
  }
  return modules;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) publish();

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LogGroupModule } from './modules/log-group/index.ts';
import { LokiModule } from './modules/loki/index.ts';
import type { ModuleJson } from './modules/module-json.ts';
import { newModuleApp } from './modules/module-stack.ts';
import { ShipperModule } from './modules/shipper/index.ts';

/** Module → its folder below `dist`: the standard structure of a registry. */
export const FOLDERS = {
  shipper: 'module',
  logGroup: 'module/modules/log-group',
  loki: 'module/modules/loki',
} as const;

export type Modules = Readonly<Record<keyof typeof FOLDERS, ModuleJson>>;

/** What is published, in memory. */
export function synthesize(app = newModuleApp()): Modules {
  return {
    shipper: new ShipperModule(app).toModule(),
    logGroup: new LogGroupModule(app).toModule(),
    loki: new LokiModule(app).toModule(),
  };
}

/**
 * Writes what is published, each module to its folder below `dist`, and to the folder that `cdktf synth` asks for.
 * @returns what was written
 */
export function publish(dist = 'dist'): Modules {
  const app = newModuleApp();
  const modules = synthesize(app);
  app.synth();

  for (const [name, folder] of Object.entries(FOLDERS) as [keyof Modules, string][]) {
    mkdirSync(`${dist}/${folder}`, { recursive: true });
    writeFileSync(`${dist}/${folder}/main.tf.json`, `${JSON.stringify(modules[name], null, 2)}\n`);
  }
  return modules;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) publish();

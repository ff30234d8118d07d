import { LogGroupModule } from '../../modules/log-group/index.ts';
import { LokiModule } from '../../modules/loki/index.ts';
import type { ModuleJson } from '../../modules/module-json.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { moduleTables } from '../build-readme.ts';

/** What stands before the tables of a module: what it is for, and how its headings are told from those of the others. */
interface Part {
  readonly title: string;
  readonly about: string;
  readonly module: ModuleJson;
}

/** Requirements, inputs and outputs of all modules, as the code has them now: docs/reference.md. */
export function reference(): string {
  return `# Reference

Requirements, inputs and outputs of the three modules, made of the code by \`npm run docs\`. [Inputs by task](tasks.md) shows which of them go together; resources are listed in the README of each module.

${parts().map(partText).join('\n')}`;
}

function parts(): readonly Part[] {
  const app = newModuleApp();
  return [
    {
      title: 'loki-shipper',
      about: 'The root module: shipper, registrar, bucket, subscription filters, alarms.',
      module: new ShipperModule(app).toModule(),
    },
    {
      title: 'modules/log-group',
      about: 'For the stack of an application: its log group, shipped by the loki-shipper of the account.',
      module: new LogGroupModule(app).toModule(),
    },
    {
      title: 'modules/loki',
      about: 'Loki and Grafana on one instance, alone or by `loki_host` of the root module.',
      module: new LokiModule(app).toModule(),
    },
  ];
}

function partText({ title, about, module }: Part): string {
  const tables = moduleTables(module).replaceAll(/^## (.+)$/gm, (_, heading: string) => `### ${heading} of ${title}`);
  return `## ${title}\n\n${about}\n\n${tables}`;
}

import { synthesize } from '../../main.ts';
import type { ModuleJson } from '../../modules/module-json.ts';
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
  const { shipper, logGroup, loki } = synthesize();
  return [
    {
      title: 'loki-shipper',
      about: 'The root module: shipper, registrar, bucket, subscription filters, alarms.',
      module: shipper,
    },
    {
      title: 'modules/log-group',
      about: 'For the stack of an application: its log group, shipped by the loki-shipper of the account.',
      module: logGroup,
    },
    {
      title: 'modules/loki',
      about: 'Loki and Grafana on one instance, alone or by `loki_host` of the root module.',
      module: loki,
    },
  ];
}

function partText({ title, about, module }: Part): string {
  const tables = moduleTables(module).replaceAll(/^## (.+)$/gm, (_, heading: string) => `### ${heading} of ${title}`);
  return `## ${title}\n\n${about}\n\n${tables}`;
}

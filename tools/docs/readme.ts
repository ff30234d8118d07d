import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { moduleTables } from '../build-readme.ts';

const TABLES = /(<!-- tables -->\n)[\s\S]*(<!-- \/tables -->)/;

/** README.md with the tables of the module's inputs and outputs between its markers, as the code has them now. */
export function readmeWithTables(readme: string): string {
  const tables = moduleTables(new ShipperModule(newModuleApp()).toModule()).replaceAll(/^## /gm, '### ');
  return readme.replace(TABLES, (_, start: string, end: string) => `${start}\n${tables}\n${end}`);
}

import { LogGroupModule } from '../../modules/log-group/index.ts';
import { LokiModule } from '../../modules/loki/index.ts';
import type { BlocksJson } from '../../modules/module-json.ts';
import { newModuleApp } from '../../modules/module-stack.ts';
import { ShipperModule } from '../../modules/shipper/index.ts';
import { auditText, readAudited } from '../audit/audited.ts';
import { code, table } from '../build-readme.ts';
import { EXCEPTIONS } from '../local/checkov-exceptions.ts';
import { encryptionText } from './security-encryption.ts';
import { networkText } from './security-network.ts';
import { rolesText } from './security-roles.ts';

/** The parts of docs/security.md that come from the code, by the name of their markers. */
const PARTS: Readonly<Record<string, (resource: BlocksJson) => string>> = {
  roles: rolesText,
  encryption: encryptionText,
  network: networkText,
  audit: () => `${auditText(readAudited())}\n`,
  exceptions: exceptionsText,
};

/** docs/security.md with what the modules say between its markers. What stands around them is written by hand. */
export function securityWithTables(text: string): string {
  const resource = allResources();
  return Object.entries(PARTS).reduce((result, [name, make]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*(<!-- /${name} -->)`);
    if (!between.test(result)) throw new Error(`docs/security.md must have the markers of ${name}.`);
    return result.replace(between, (_, start: string, end: string) => `${start}\n${make(resource)}\n${end}`);
  }, text);
}

/** Of the three modules: type → name → arguments. No two of those that matter here have one address. */
export function allResources(): BlocksJson {
  const all: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const Module of [ShipperModule, LokiModule, LogGroupModule])
    for (const [type, blocks] of Object.entries(new Module(newModuleApp()).toModule().resource))
      all[type] = { ...all[type], ...blocks };
  return all;
}

function exceptionsText(): string {
  return table(
    ['Check', 'Of', 'Why it is right'],
    EXCEPTIONS.map(({ check, of, reason }) => [check, code(addressesOf(of)), reason]),
  );
}

/** An expression as people read it: `aws_lambda_function.*`. */
function addressesOf({ source }: RegExp): string {
  return source.replaceAll('\\b', '').replaceAll('\\w+', '*').replaceAll('\\.', '.').replace(/\$$/, '');
}

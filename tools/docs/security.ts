import { synthesize } from '../../main.ts';
import type { BlocksJson } from '../../modules/module-json.ts';
import { auditText, readAudited } from '../audit/audited.ts';
import { code, table } from '../build-readme.ts';
import { EXCEPTIONS } from '../local/checkov-exceptions.ts';
import { betweenMarkers } from './between-markers.ts';
import { encryptionText } from './security-encryption.ts';
import { networkText } from './security-network.ts';
import { rolesText } from './security-roles.ts';

/** docs/security.md with what the modules say between its markers. */
export function securityWithTables(document: string): string {
  const resource = allResources();
  return betweenMarkers(document, {
    roles: rolesText(resource),
    encryption: encryptionText(resource),
    network: networkText(resource),
    audit: `${auditText(readAudited())}\n`,
    exceptions: exceptionsText(),
  });
}

/** Of the three modules: type → name → arguments. No two of those that matter here have one address. */
export function allResources(): BlocksJson {
  const { shipper, loki, logGroup } = synthesize();
  const all: Record<string, BlocksJson[string]> = {};
  for (const { resource } of [shipper, loki, logGroup])
    for (const [type, blocks] of Object.entries(resource)) all[type] = { ...all[type], ...blocks };
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

import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import type { LockedPackage } from '../lock.ts';
import type { Bundled, BundledPackage } from './bundled-packages.ts';

export interface SbomProps {
  readonly version: string;
  /** Address of the project. */
  readonly repository: string;
  /** SPDX identifier of the project's own licence. */
  readonly license: string;
  readonly functionZip: Uint8Array;
  /** What is in it. */
  readonly bundled: Bundled;
  /** By path, with their checksums. */
  readonly locked: ReadonlyMap<string, LockedPackage>;
}

/**
 * What `function.zip` is made of, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/). It has no time and nothing
 * that is random: the same function has the same one.
 */
export function sbomOf({ version, repository, license, functionZip, bundled, locked }: SbomProps): string {
  const name = 'loki-shipper';
  const root = `${name}@${version}`;
  const refs = new Map(bundled.packages.map((bundledPackage) => [bundledPackage.name, purl(bundledPackage)]));
  const dependsOn = (names: readonly string[]) => names.map((imported) => refs.get(imported) as string).sort();
  const content = {
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name,
        version,
        description: 'function.zip, the Lambda functions of the Terraform module.',
        hashes: [sha256(functionZip)],
        licenses: [{ license: { id: license } }],
        externalReferences: [{ type: 'vcs', url: repository }],
        components: Object.entries(unzipSync(functionZip)).map(([file, bytes]) => ({
          type: 'file',
          'bom-ref': `${root}#${file}`,
          name: file,
          hashes: [sha256(bytes)],
        })),
      },
      properties: [
        {
          name: 'loki-shipper:scope',
          value: 'function.zip alone; THIRD_PARTY_LICENSES.md lists the packages of bin/loki-shipper.mjs as well.',
        },
      ],
    },
    components: bundled.packages.map((bundledPackage) => library(bundledPackage, locked)),
    dependencies: [
      { ref: root, dependsOn: dependsOn(bundled.imports) },
      ...bundled.packages.map((bundledPackage) => ({
        ref: purl(bundledPackage),
        dependsOn: dependsOn(bundledPackage.imports),
      })),
    ],
  };
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    ...content,
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function library(bundled: BundledPackage, locked: ReadonlyMap<string, LockedPackage>) {
  const [scope, name] = bundled.name.startsWith('@') ? bundled.name.split('/') : [undefined, bundled.name];
  const [algorithm, checksum] = locked.get(`node_modules/${bundled.name}`)?.integrity?.split(/-(.*)/) ?? [];
  return {
    type: 'library',
    'bom-ref': purl(bundled),
    ...(scope && { group: scope }),
    name,
    version: bundled.version,
    // Of the package's archive, as the registry has it.
    ...(algorithm === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(checksum ?? '', 'base64').toString('hex') }],
    }),
    licenses: [/\s/.test(bundled.license) ? { expression: bundled.license } : { license: { id: bundled.license } }],
    purl: purl(bundled),
  };
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
function purl({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function sha256(bytes: Uint8Array) {
  return { alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') };
}

/** A UUID of a content: version 8 of RFC 9562, which leaves all but six bits to us. */
function uuidOf(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

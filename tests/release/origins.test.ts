import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { VERSION } from '../../function/version.ts';
import { findCheckov } from '../../tools/local/checkov.ts';
import { thirdPartyLicenses } from '../../tools/release/licenses.ts';
import { writeReleaseTree } from '../../tools/release/tree.ts';
import { orSkip } from '../support/parts.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly components: readonly Component[];
}

interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('Whose code a release holds', function () {
  this.timeout(120_000);
  let folder: string;
  let sbom: Sbom;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    await writeReleaseTree(folder, VERSION);
    sbom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is told in a way that the schema of CycloneDX 1.6 takes', async function () {
    // checkov brings the schema, and what checks it: https://github.com/CycloneDX/cyclonedx-python-lib
    const checkov = await orSkip(this, () => findCheckov(console.error));
    const problemsOf = (file: string) =>
      spawnSync(join(dirname(checkov), 'python'), ['-c', VALIDATE, file], { encoding: 'utf8' });
    expect(problemsOf(join(folder, 'sbom.cdx.json'))).to.include({ stdout: 'None\n', status: 0 });

    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, JSON.stringify({ ...sbom, serialNumber: 'random' }));
    expect(problemsOf(wrong).stdout).to.include("'random' does not match");
  });

  it('is that of the packages in function.zip, in the versions that are installed', () => {
    const names = sbom.components.map(nameOf);
    expect(names).to.include.members(['@aws-sdk/client-s3', '@smithy/core', 'bowser']);
    expect(names).to.not.include.members(['commander']); // of the command line
    expect(names).to.not.include.members(['esbuild']); // of the build
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    for (const component of sbom.components) {
      const { version, integrity } = packages[`node_modules/${nameOf(component)}`];
      expect(component.version).to.equal(version);
      const [hash] = component.hashes;
      expect(`sha512-${Buffer.from(hash?.content ?? '', 'hex').toString('base64')}`).to.equal(integrity);
    }
  });

  it('is told with the checksum of the zip, and of each file in it', () => {
    const zip = readFileSync(join(folder, 'function.zip'));
    const { component } = sbom.metadata;
    expect(component.hashes).to.deep.equal([{ alg: 'SHA-256', content: sha256(zip) }]);
    const files = Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, sha256(bytes)]);
    expect(component.components.map(({ name, hashes }) => [name, hashes[0]?.content])).to.deep.equal(files);
  });

  it('is told with what uses what, from the functions to every package', () => {
    const refs = [sbom.metadata.component, ...sbom.components].map((component) => component['bom-ref']);
    expect(new Set(refs).size).to.equal(refs.length);
    expect(sbom.dependencies.map(({ ref }) => ref)).to.have.members(refs);
    const uses = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const found = new Set<string>();
    const follow = (ref: string) => {
      if (found.has(ref)) return;
      found.add(ref);
      uses.get(ref)?.forEach(follow);
    };
    follow(refs[0] ?? '');
    expect([...found]).to.have.members(refs);
  });

  it('comes with its licences, each text once, those of the command line among them', () => {
    const licences = readFileSync(join(folder, 'THIRD_PARTY_LICENSES.md'), 'utf8');
    const rows = Array.from(licences.matchAll(/^\| (\S+) \| (\d\S+) \| (\S+) \| (.+) \|$/gm), (row) => row.slice(1));
    const inFunction = rows.filter(([, , , files]) => files?.includes('function.zip'));
    expect(inFunction.map(([name, version]) => `${name} ${version}`)).to.have.members(
      sbom.components.map((component) => `${nameOf(component)} ${component.version}`),
    );
    expect(rows.map(([name, , , files]) => `${name} in ${files}`)).to.include('commander in bin/loki-shipper.mjs');

    const sections = licences.split('\n## ').slice(1);
    const texts = sections.map((section) => section.slice(section.indexOf('\n')));
    expect(new Set(texts).size).to.equal(texts.length);
    for (const [name, , license] of rows) {
      const section = sections.find((of) =>
        of
          .split('\n', 1)
          .join()
          .split(', ')
          .includes(name ?? ''),
      );
      expect(section, name).to.include(license === 'MIT' ? 'Permission is hereby granted' : 'TERMS AND CONDITIONS');
    }
  });

  it('is not published without the text of a licence', () => {
    const bundled = { name: 'a', version: '1.0.0', license: 'MIT', texts: [], imports: [] };
    expect(() => thirdPartyLicenses({ 'function.zip': [bundled] }, '')).to.throw(
      'a brings no text of its licence, MIT.',
    );
  });
});

const VALIDATE = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()))
`;

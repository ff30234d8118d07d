import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { isAtLeast } from '../../tools/local/versions.ts';
import { idOf, type LockedPackage, lockedPackages, withDependencies } from '../../tools/lock.ts';

const { devDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packages = lockedPackages();
const all = [...packages.values()];

/** Of what is published: none of them asks for more than its text beside it. */
const BUNDLED_LICENSES = ['Apache-2.0', 'MIT', '0BSD', 'BSD-3-Clause', 'ISC'];
/** Of what builds and tests. */
const LICENSES = [...BUNDLED_LICENSES, 'MIT OR Apache-2.0', 'BlueOak-1.0.0'];
/** Package → its licence, and why it is right. */
const OTHER_LICENSES: Readonly<Record<string, readonly [license: string, reason: string]>> = {
  '@cdktf/provider-aws': ['MPL-2.0', 'makes the module, and is not in it'],
  cdktf: ['MPL-2.0', 'makes the module, and is not in it'],
  argparse: ['PSF-2.0', 'permissive, the licence of Python; of mocha'],
  jsonify: ['Public Domain', 'free of any terms; of cdktf'],
};
/** Package → what its script would do. `ignore-scripts` keeps npm from running it. */
const SCRIPTS: Readonly<Record<string, string>> = {
  esbuild:
    'puts its program in the place of a file of JavaScript, to start faster; the program is a package of its own',
};

/** Files below a folder, without those that are installed. */
function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`);
}

describe('The packages of npm', () => {
  it('are wanted in exact versions, and all for building', () => {
    expect(dependencies).to.equal(undefined);
    for (const [name, version] of Object.entries(devDependencies)) {
      expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
      expect(packages.get(`node_modules/${name}`)?.version, name).to.equal(version);
    }
  });

  it('come from the registry alone', () => {
    for (const { path, version, resolved = '', link } of all) {
      expect(version, path).to.match(/^\d+\.\d+\.\d+/);
      expect(resolved, path).to.equal('');
      expect(link, path).to.equal(undefined);
    }
  });

  it('have a checksum each, or are inside of a package that has one', () => {
    for (const one of all) expect(outermost(one).integrity, one.path).to.match(/^sha512-[\w+/]{86}==$/);
  });

  it('run no script at their installation, but for those that are known and not run either', () => {
    expect(all.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)).to.have.members(
      Object.keys(SCRIPTS),
    );
    expect(readFileSync('.npmrc', 'utf8')).to.match(/^ignore-scripts=true$/m);
  });

  it('are deprecated by nobody', () => {
    expect(all.filter(({ deprecated }) => deprecated).map(idOf)).to.be.empty;
  });

  it('are installed as they are locked', () => {
    const installed = all.filter(({ path }) => existsSync(`${path}/package.json`));
    expect(installed).to.have.length.above(150);
    for (const { path, version, license } of installed) {
      const found = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
      expect(found.version.replace(/^v/, ''), path).to.equal(version);
      if (typeof found.license === 'string') expect(found.license, path).to.equal(license);
    }
  });

  it('have a licence that is known to be right', () => {
    for (const one of all)
      expect(one.license, one.path).to.be.oneOf([...LICENSES, OTHER_LICENSES[one.name]?.[0]].filter(Boolean));
    for (const name of Object.keys(OTHER_LICENSES)) expect(all.map((one) => one.name)).to.include(name);
  });

  it('have their line in docs/decisions.md', () => {
    const [, section = ''] = readFileSync('docs/decisions.md', 'utf8').split('\n## Dependencies\n');
    const rows = Array.from(section.split('\n## ')[0]?.matchAll(/^\| ([^|]+?) \|/gm) ?? [], ([, row = '']) => row);
    const missing = Object.entries(devDependencies).filter(([name, version]) => !rows.includes(`${name} ${version}`));
    expect(missing).to.be.empty;
    const gone = rows.filter(
      (row) => /^\S+ \d+\.\d+\.\d+$/.test(row) && devDependencies[row.split(' ')[0] ?? ''] !== row.split(' ')[1],
    );
    expect(gone).to.be.empty;
  });
});

describe('What is bundled into the functions and the command line', () => {
  const bundled = withDependencies(importedBy('function', 'cli'), packages);

  it('are these packages at most, with a licence that asks for its text alone', () => {
    expect(bundled).to.have.length.within(15, 60);
    for (const one of bundled) expect(one.license, one.path).to.be.oneOf(BUNDLED_LICENSES);
  });

  it('runs on the oldest Node that the command line promises', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(engines.node).to.equal('>=20.9');
    for (const { path, engines: { node = '>=0' } = {} } of bundled) {
      const [, least = ''] = /^>= ?(\d+(?:\.\d+)*)$/.exec(node) ?? [];
      expect(least, `${path}: ${node}`).not.to.equal('');
      expect(isAtLeast('20.9.0', least), `${path}: ${node}`).to.equal(true);
    }
  });
});

describe('What is not of npm', () => {
  it('is of Python by hashes', () => {
    const files = filesIn('tools', 'requirements.txt');
    expect(files).to.have.length.above(5);
    for (const file of files)
      for (const requirement of readFileSync(file, 'utf8')
        .replaceAll(/ \\\n\s+/g, ' ')
        .split('\n'))
        if (requirement !== '' && !requirement.startsWith('#'))
          expect(requirement, file).to.match(/^[\w.[\]-]+==\S+(?: ; .+?)?(?: --hash=sha256:[0-9a-f]{64})+$/);
    expect(readFileSync('tools/local/python-program.ts', 'utf8')).to.include("'--require-hashes'");
  });

  it('is of Go with its checksums', () => {
    const files = [...filesIn('tools', 'go.mod'), ...filesIn('tests', 'go.mod')];
    expect(files).to.have.length(3);
    for (const file of files) {
      const sums = readFileSync(`${dirname(file)}/go.sum`, 'utf8');
      const [, name, version] = /^require (\S+) (v\S+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
      for (const of of [version, `${version}/go.mod`])
        expect(sums, file).to.match(new RegExp(`^${name} ${of} h1:\\S{44}$`, 'm'));
    }
  });

  it('is of Debian by checksums', () => {
    const sources = filesIn('tools/local', '.ts').map((file) => readFileSync(file, 'utf8'));
    const wanted = sources.flatMap((source) =>
      Array.from(source.matchAll(/\bversion: '[^']+',\s+sha256: '([^']*)'/g), ([, sum]) => sum),
    );
    expect(wanted).to.have.length.above(2);
    for (const sum of wanted) expect(sum).to.match(/^[0-9a-f]{64}$/);
  });

  it('is of images by digest', () => {
    const files = ['modules', 'tools', 'cli', 'demo', 'examples'].flatMap((folder) =>
      ['.ts', '.tf', '.tftpl', '.service', '.yaml'].flatMap((ending) => filesIn(folder, ending)),
    );
    const images = files.flatMap(
      (file) => readFileSync(file, 'utf8').match(/\bgrafana\/(?:loki|grafana):[^\s'"`]+/g) ?? [],
    );
    expect(images).to.have.length.above(3);
    for (const image of images) expect(image).to.match(/@sha256:[0-9a-f]{64}$/);
  });
});

/** The package in whose archive it is, or itself. */
function outermost(one: LockedPackage): LockedPackage {
  if (!one.inBundle) return one;
  const outer = packages.get(one.path.slice(0, one.path.lastIndexOf('/node_modules/')));
  return outer ? outermost(outer) : one;
}

/** The packages that sources import, but for types alone. */
function importedBy(...folders: readonly string[]): string[] {
  const names = folders
    .flatMap((folder) => filesIn(folder, '.ts'))
    .flatMap((file) =>
      Array.from(
        readFileSync(file, 'utf8').matchAll(/^(?!import type).*(?:from |import\()'((?:@[\w-]+\/)?[\w-]+)'/gm),
        ([, name = '']) => name,
      ),
    );
  return [...new Set(names)];
}

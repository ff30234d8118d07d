import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { VERSION } from '../../function/version.ts';
import { FOLDERS } from '../../main.ts';
import type { ModuleJson } from '../../modules/module-json.ts';
import { EXAMPLES } from '../../tools/examples.ts';
import { writeReleaseTree } from '../../tools/release/tree.ts';

const REPOSITORY = 'git::https://git.example.com/loki-shipper.git';

/** Folder of a module in a release → what callers write. */
const SOURCES: Readonly<Record<string, string>> = {
  '': `${REPOSITORY}?ref=v${VERSION}`,
  'modules/log-group': `${REPOSITORY}//modules/log-group?ref=v${VERSION}`,
  'modules/loki': `${REPOSITORY}//modules/loki?ref=v${VERSION}`,
};

/** All that there is to be in a release. */
const WANTED = [
  /^(README|CHANGELOG|THIRD_PARTY_LICENSES)\.md$/,
  /^LICENSE$/,
  /^sbom\.cdx\.json$/,
  /^bin\/loki-shipper\.mjs$/,
  /^function\.zip$/,
  /^(modules\/(log-group|loki)\/)?main\.tf\.json$/,
  /^modules\/(log-group|loki)\/README\.md$/,
  /^modules\/loki\/(user-data\.yaml\.tftpl$|host\/)/,
  /^examples\/[\w-]+\/(README\.md|[\w-]+\.tf)$/,
  /^examples\/[\w-]+\/(samples\/[\w-]+\.zip|functions\/[\w-]+\/handler\.(mjs|py))$/,
  /^examples\/ci\//,
];

/** The rules of registries and of terraform-docs: https://developer.hashicorp.com/terraform/language/modules/develop/structure */
describe('What a release holds', function () {
  this.timeout(120_000);
  let folder: string;
  let paths: readonly string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    await writeReleaseTree(folder, VERSION);
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(folder, path)).isFile(),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  const moduleOf = (module: string): ModuleJson => JSON.parse(read(join(module, 'main.tf.json')));
  const texts = () => paths.filter((path) => !/\.zip$|^bin\//.test(path));

  it('is all that is wanted, and nothing else', () => {
    expect(paths.filter((path) => !WANTED.some((pattern) => pattern.test(path)))).to.deep.equal([]);
    for (const pattern of WANTED.filter(
      (pattern) => pattern.source !== '^examples\\/ci\\/' || existsSync('examples/ci'),
    ))
      expect(
        paths.some((path) => pattern.test(path)),
        pattern.source,
      ).to.equal(true);
    for (const module of Object.values(FOLDERS))
      expect(paths).to.include(join(relative('module', module), 'README.md'));
  });

  it('names no path of the machine, and none that there is on main alone', () => {
    const foreign = [process.cwd(), folder, homedir() === '/' ? '/home/' : join(homedir(), '/')];
    for (const path of texts()) for (const name of foreign) expect(read(path).includes(name), path).to.equal(false);
    expect(read('bin/loki-shipper.mjs')).not.to.include(process.cwd());
    for (const path of texts().filter((name) => name !== 'CHANGELOG.md'))
      expect(read(path), path).not.to.match(/\bdist\/(module|samples|cli)\b|npm run build/);
  });

  it('runs where it is to be run, and nowhere else', () => {
    const executable = paths.filter((path) => statSync(join(folder, path)).mode & 0o100);
    expect(executable).to.deep.equal(['bin/loki-shipper.mjs']);
    const { stdout } = spawnSync(join(folder, 'bin/loki-shipper.mjs'), ['--version'], { encoding: 'utf8' });
    expect(stdout).to.equal(`${VERSION}\n`);
  });

  it('has READMEs whose links lead to what is there', () => {
    const links = texts()
      .filter((path) => path.endsWith('.md') && path !== 'THIRD_PARTY_LICENSES.md')
      .flatMap((path) =>
        Array.from(read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, link = '']) => join(dirname(path), link)),
      );
    expect(links).to.include.members(['modules/log-group', 'modules/loki', 'examples/minimal', 'sbom.cdx.json']);
    expect(links.filter((link) => link.startsWith('..') || !existsSync(join(folder, link)))).to.deep.equal([]);
  });

  for (const [module, source] of Object.entries(SOURCES))
    describe(`as ${module || 'the root module'}`, () => {
      it('has variables and outputs that are described, and variables with a type', () => {
        const { variable, output } = moduleOf(module);
        expect(variable).not.to.be.empty;
        for (const [name, { type, description }] of Object.entries(variable)) {
          expect(type, name).to.be.a('string');
          expect(description, name).to.match(/\S/);
        }
        for (const [name, { description }] of Object.entries(output)) expect(description, name).to.match(/\S/);
      });

      it('says which Terraform and which providers it needs, by floors', () => {
        const { required_version, required_providers } = moduleOf(module).terraform;
        expect(required_version).to.match(/^>= [\d.]+$/);
        for (const { source, version } of Object.values(required_providers)) {
          expect(source).to.match(/^[\w-]+\/[\w-]+$/);
          expect(version).to.match(/^>= [\d.]+$/);
        }
        expect(required_providers).to.have.property('aws');
      });

      it('leaves providers and state to who calls it', () => {
        const json = JSON.parse(read(join(module, 'main.tf.json')));
        expect(json).not.to.have.property('provider');
        expect(Object.keys(json.terraform)).to.have.members(['required_version', 'required_providers']);
      });

      it('calls no module but those beside it, and reads no file but its own', () => {
        for (const { source } of Object.values(moduleOf(module).module ?? {}))
          expect(paths).to.include(join(module, source, 'main.tf.json'));
        const files = read(join(module, 'main.tf.json')).matchAll(/\$\{path\.module\}\/([\w./-]+)/g);
        for (const [, file = ''] of files) expect(existsSync(join(folder, module, file)), file).to.equal(true);
      });

      it('has a README with its tag as the source, and a table of all that it has', () => {
        const readme = read(join(module, 'README.md'));
        expect(readme).to.include(`"${source}"`).and.not.include('…"');
        const { terraform, variable, output, resource, data, module: calls = {} } = moduleOf(module);
        const sections = Object.fromEntries(
          readme.split('\n## ').map((section) => [section.split('\n', 1).join(), section]),
        );
        const expectRows = (title: string, names: readonly string[]) => {
          for (const name of names) expect(sections[title], title).to.match(new RegExp(`^\\| \`?${name}\`? \\|`, 'm'));
        };
        expectRows('Requirements', ['terraform', 'hashicorp/aws']);
        expectRows('Providers', Object.keys(terraform.required_providers));
        expectRows('Modules', Object.keys(calls));
        expectRows('Inputs', Object.keys(variable));
        expectRows('Outputs', Object.keys(output));
        const addresses = Object.entries(resource).flatMap(([type, all]) =>
          Object.keys(all).map((name) => `${type}.${name}`),
        );
        const lookUps = Object.entries(data).flatMap(([type, all]) =>
          Object.keys(all).map((name) => `data.${type}.${name}`),
        );
        expectRows('Resources', [...addresses, ...lookUps]);
      });
    });

  for (const example of EXAMPLES)
    describe(`as the example ${example}`, () => {
      const code = () =>
        paths
          .filter((path) => dirname(path) === `examples/${example}` && path.endsWith('.tf'))
          .map(read)
          .join('\n');

      it('has a README', () => expect(paths).to.include(`examples/${example}/README.md`));

      it('calls modules of its release alone', () => {
        const calls = Array.from(blocksOf(code(), 'module'), ([, body]) => /^ {2}source += "(.*)"$/m.exec(body)?.[1]);
        expect(calls).not.to.be.empty;
        for (const source of calls) expect(Object.values(SOURCES)).to.include(source);
      });

      it('has variables and outputs that are described', () => {
        const described = [...blocksOf(code(), 'variable'), ...blocksOf(code(), 'output')];
        for (const [name, body] of described) expect(body, name).to.match(/^ {2}description += ".+"$/m);
      });

      it('says which Terraform and which providers it needs', () => {
        expect(code()).to.match(/required_version += ">= [\d.]+"/);
        expect(code()).to.match(/source += "hashicorp\/aws"\n +version += ">= [\d.]+"/);
      });

      it('reads no file but its own', () => {
        const files = Array.from(code().matchAll(/"\$\{path\.module\}\/([^"]+)"/g), ([, file = '']) => file);
        for (const file of files) {
          const pattern = new RegExp(
            `^examples/${example}/${file.replaceAll('.', '\\.').replace(/\$\{.*?\}/, '[\\w-]+')}$`,
          );
          expect(
            paths.some((path) => pattern.test(path)),
            file,
          ).to.equal(true);
        }
      });
    });
});

/** The blocks of a kind in code of Terraform that is formatted: name → body. */
function blocksOf(code: string, kind: string): Map<string, string> {
  const blocks = code.matchAll(new RegExp(`^${kind} "([\\w-]+)" \\{\\n([\\s\\S]*?)^\\}`, 'gm'));
  return new Map(Array.from(blocks, ([, name = '', body = '']) => [name, body]));
}

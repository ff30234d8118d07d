import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { VERSION } from '../../function/version.ts';
import type { Result } from '../../tools/local/commands.ts';
import { type Clone, Clones, FIRST, SECOND } from './clones.ts';

describe('npm run release', function () {
  this.timeout(300_000);
  const clones = new Clones();
  let here: Clone;
  let elsewhere: Clone;

  before(async () => {
    await clones.start();
    here = await clones.clone({ name: 'here', umask: '077', env: { TZ: 'Asia/Kathmandu', LC_ALL: 'C' } });
    elsewhere = await clones.clone({
      name: 'else where/on another machine',
      umask: '002',
      env: { TZ: 'America/St_Johns' },
      options: ['--config core.autocrlf=true', '--config commit.gpgSign=true', '--config tag.gpgSign=true'],
    });
  });
  after(() => clones.stop());

  const archive = (version: string) => `dist/release/loki-shipper-${version}.tar.gz`;

  it('says what it would do, and does nothing', async () => {
    const before = await here.state();
    const { status, stdout, stderr } = await here.npmRelease(FIRST);
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    expect(stdout).to.match(new RegExp(`^Release ${FIRST}, made of main at [0-9a-f]{7}; it is the first\\.\n`));
    expect(stdout).to.match(new RegExp(`section ${FIRST} \\(2026-04-01\\), of \\d+ entr(y|ies) and 1 commit\n`));
    expect(stdout).to.include(`the version becomes ${FIRST}, from ${VERSION}\n`).and.include('Nothing was done.');
    expect(await here.state()).to.equal(before);
    expect(existsSync(join(here.folder, 'dist'))).to.equal(false);
  });

  describe('with --yes', () => {
    let head: string;
    let results: readonly Result[];

    before(async () => {
      head = await here.git('rev-parse', 'main');
      results = await Promise.all([here, elsewhere].map((clone) => clone.npmRelease(FIRST, '--yes')));
    });

    it('does it, and says what to push', () => {
      for (const { status, stdout, stderr } of results) {
        expect(status, stderr).to.equal(0);
        expect(stdout).to.match(new RegExp(`\n  git push origin main\n  git push origin module v${FIRST}\n\n$`));
      }
    });

    it('adds one commit to main, which the checkout follows', async () => {
      expect(await here.git('log', '--format=%s %an %cn %ad', '-1', 'main')).to.equal(
        `Release ${FIRST} An Author A Committer Tue Mar 31 23:30:00 2026 -0500`,
      );
      expect(await here.git('rev-parse', 'main^')).to.equal(head);
      for (const clone of [here, elsewhere])
        expect(await clone.git('status', '--porcelain', '--branch')).to.equal('## main...origin/main [ahead 1]');
    });

    it('writes the version wherever it is shown, the changelog, and the addresses', async () => {
      const json = (file: string) => JSON.parse(here.read(file).toString());
      expect(json('package.json').version).to.equal(FIRST);
      const { version, packages } = json('package-lock.json');
      expect([version, packages[''].version]).to.deep.equal([FIRST, FIRST]);
      expect(here.read('function/version.ts').toString()).to.include(`VERSION = '${FIRST}'`);
      expect(here.read('CHANGELOG.md').toString()).to.include(`\n## Unreleased\n\n## ${FIRST} (2026-04-01)\n`);
      expect(json('releases/addresses.json')[FIRST]['.']).to.include('aws_lambda_function.shipper');
      expect(await here.git('grep', '-F', '--count', `?ref=v${FIRST}`, '--', 'docs')).to.match(
        /^docs\/releasing\.md:/m,
      );
      // What the tests of main hold together is still together.
      const tests = ['function/version', 'project/generated', 'modules/shipper/shipper', 'project/addresses'];
      const files = tests.map((name) => `tests/${name}.test.ts`).join(' ');
      const { status, stdout } = await here.shell(`node tools/mocha.mjs ${files}`);
      expect(status, stdout).to.equal(0);
    });

    it('begins the branch module with the module alone, and what it was made of', async () => {
      const source = await here.git('rev-parse', 'main');
      expect(await here.git('log', '--format=%P|%B', 'module')).to.equal(
        `|Release ${FIRST}\n\nSource-Commit: ${source}\n`,
      );
      expect(await here.git('ls-tree', '--name-only', 'module')).to.equal(
        [
          ...['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD_PARTY_LICENSES.md', 'bin', 'examples'],
          ...['function.zip', 'main.tf.json', 'modules', 'sbom.cdx.json'],
        ].join('\n'),
      );
      expect(await here.git('rev-parse', `v${FIRST}^{commit}`)).to.equal(await here.git('rev-parse', 'module'));
    });

    it('gives what is published that version', async () => {
      const module = JSON.parse(await here.git('show', 'module:main.tf.json'));
      expect(module.output.version.value).to.equal(`\${"${FIRST}"}`);
      const source = `"git::https://git.example.com/loki-shipper.git?ref=v${FIRST}"`;
      for (const file of ['README.md', 'examples/minimal/main.tf', 'examples/complete/main.tf'])
        expect(await here.git('show', `module:${file}`)).to.include(source);
      await here.shell(`mkdir .local/unpacked && tar -xzf ${archive(FIRST)} -C .local/unpacked`);
      const { stdout } = await here.shell('.local/unpacked/bin/loki-shipper.mjs --version');
      expect(stdout).to.equal(`${FIRST}\n`);
      const code = Object.values(unzipSync(here.read('.local/unpacked/function.zip'))).map((file) => Buffer.from(file));
      expect(code.some((file) => file.includes(`"${FIRST}"`))).to.equal(true);
    });

    it('makes the same commits, tag and archive, wherever and however it runs', async () => {
      expect(statSync(join(here.folder, 'README.md')).mode & 0o077).to.equal(0);
      expect(statSync(join(elsewhere.folder, 'README.md')).mode & 0o060).to.equal(0o060);
      for (const name of ['main', 'module', `v${FIRST}`])
        expect(await elsewhere.git('rev-parse', name), name).to.equal(await here.git('rev-parse', name));
      expect(await here.git('cat-file', '-t', `v${FIRST}`)).to.equal('tag');
      for (const file of [archive(FIRST), `${archive(FIRST)}.sha256`])
        expect(elsewhere.read(file).equals(here.read(file)), file).to.equal(true);
    });

    it('packs the tree of the tag, with modes and owners that do not depend on who packs it', async () => {
      const { stdout } = await here.shell(
        `cd dist/release && sha256sum --check *.sha256 && tar --numeric-owner -tvzf *.gz`,
      );
      const [checked, ...files] = stdout.trim().split('\n');
      expect(checked).to.equal(`loki-shipper-${FIRST}.tar.gz: OK`);
      for (const file of files) expect(file).to.match(/^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x) 0\/0 /);
      const names = files.map((file) => file.split(/\s+/).at(-1) ?? '').filter((name) => !name.endsWith('/'));
      expect(names.join('\n')).to.equal(await here.git('ls-tree', '-r', '--name-only', 'module'));
      const { stdout: differing } = await here.shell(
        'export GIT_INDEX_FILE=.local/index; git read-tree module; git --work-tree=.local/unpacked diff --name-only',
      );
      expect(differing).to.equal('');
      // No time in the header: https://www.rfc-editor.org/rfc/rfc1952#page-5
      expect(here.read(archive(FIRST)).subarray(4, 8).toString('hex')).to.equal('00000000');
    });

    it('is found right by --verify, on another machine, too', async () => {
      const { status, stdout } = await elsewhere.npmRelease(FIRST, '--verify');
      const source = (await here.git('rev-parse', 'main')).slice(0, 7);
      expect({ status, stdout }).to.deep.equal({
        status: 0,
        stdout: `The tag v${FIRST} is what its commit of main, ${source}, builds.\n`,
      });
    });

    it('goes on from there with the next version', async () => {
      const first = await here.git('rev-parse', 'module');
      await here.commit('Add a word', (folder) => appendFileSync(join(folder, 'docs/operations.md'), '\nA word.\n'));
      const { status, stderr } = await here.npmRelease(SECOND, '--yes');
      expect(status, stderr).to.equal(0);
      expect(await here.git('rev-parse', 'module^')).to.equal(first);
      const [, added] = here.read('CHANGELOG.md').toString().split(`\n## ${SECOND} (2026-04-01)\n`);
      expect(added?.split('\n## ', 1).join()).to.include('1 commit').and.include('**Documents**\n\n- Add a word\n');
      expect(Object.keys(JSON.parse(here.read('releases/addresses.json').toString()))).to.include.members([
        FIRST,
        SECOND,
      ]);
      const { stdout } = await here.release(FIRST, '--verify');
      expect(stdout).to.match(/ builds\.\n$/);
    });
  });
});

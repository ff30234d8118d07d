import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Result } from '../../tools/local/commands.ts';
import { type Clone, Clones, changeJson, FAILS, FIRST, SECOND, setTests } from './clones.ts';

describe('npm run release refuses', function () {
  this.timeout(300_000);
  const clones = new Clones();
  let clone: Clone;

  before(async () => {
    await clones.start();
    clone = await clones.clone({ name: 'clone' });
  });
  after(() => clones.stop());

  /** Expects one sentence, and all branches, tags and files as they were. */
  async function expectRefusal(of: () => Promise<Result>, sentence: RegExp, where = clone): Promise<void> {
    const before = await where.state();
    const { status, stderr } = await of();
    const lines = stderr.trimEnd().split('\n');
    const last = lines.at(-1) ?? '';
    expect(last)
      .to.match(/^error: .+[^.]\.$/)
      .and.match(sentence);
    expect(stderr).not.to.include('tools/release/main.ts');
    expect(status).to.equal(1);
    expect(await where.state()).to.equal(before);
    expect(existsSync(join(where.folder, `dist/release/loki-shipper-${FIRST}.tar.gz`))).to.equal(false);
  }

  /** Does something to the clone, refuses, and takes it back. */
  async function refusesAfter(heading: string, change: (folder: string) => void, sentence: RegExp): Promise<void> {
    const head = await clone.git('rev-parse', 'HEAD');
    await clone.commit(heading, change);
    try {
      await expectRefusal(() => clone.release(FIRST, '--yes'), sentence);
    } finally {
      await clone.git('reset', '--quiet', '--hard', head);
    }
  }

  for (const [what, args, sentence] of [
    ['what is no version', ['v0.1', '--yes'], /"v0\.1" is no version: three numbers are, such as 0\.1\.0/],
    ['to guess a version', ['--yes'], /Name one version/],
    ['an option that there is not', [FIRST, '--force'], /no option --force: there are --yes and --verify\./],
    ['to verify what it is to make', [FIRST, '--verify', '--yes'], /goes without --yes/],
    ['to verify what there is not', [FIRST, '--verify'], /There is no tag v/],
  ] as const)
    it(what, () => expectRefusal(() => clone.release(...args), sentence));

  it('a checkout with a change, or with a file that is in no commit', async () => {
    const readme = clone.read('README.md');
    appendFileSync(join(clone.folder, 'README.md'), 'changed\n');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /not what was committed \(README\.md\): commit/);
    writeFileSync(join(clone.folder, 'new.ts'), '');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /not what was committed \(README\.md and 1 more\)/);
    writeFileSync(join(clone.folder, 'README.md'), readme);
    rmSync(join(clone.folder, 'new.ts'));
  });

  it('another branch than main, and none', async () => {
    await clone.git('switch', '--quiet', '--create', 'topic');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /made of the branch main, and .+ on the branch topic\./);
    await clone.git('switch', '--quiet', '--detach', 'main');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /on no branch\./);
    await clone.git('switch', '--quiet', 'main');
    await clone.git('branch', '--quiet', '--delete', 'topic');
  });

  it('a package without a repository', () =>
    refusesAfter(
      'Say no address',
      changeJson('package.json', (json) => {
        delete json.repository;
      }),
      /package\.json has no repository\.url/,
    ));

  it('a changelog without a place for its entries', () =>
    refusesAfter(
      'Begin anew',
      (folder) => writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n'),
      /CHANGELOG\.md has no heading "## Unreleased"/,
    ));

  it('a clone without its commits', async () => {
    await clones.origin.commit('Go on', (folder) => appendFileSync(join(folder, 'docs/operations.md'), '\n'));
    const shallow = await clones.clone({ name: 'shallow', options: ['--depth=1'] });
    await expectRefusal(() => shallow.release(FIRST, '--yes'), /The clone is shallow/, shallow);
  });

  it('a branch module that is no release', async () => {
    await clone.git('branch', 'module', 'main');
    await expectRefusal(
      () => clone.release(FIRST, '--yes'),
      /branch module must not be there before the first release/,
    );
    await clone.git('branch', '--quiet', '--delete', '--force', 'module');
  });

  it('a test that fails, and shows what it says', async () => {
    await clone.commit('Fail', setTests(FAILS));
    await expectRefusal(async () => {
      const result = await clone.npmRelease(FIRST, '--yes');
      expect(result.stdout).to.include('\n1 failed\n');
      return result;
    }, /npm test does not pass/);
    await clone.git('reset', '--quiet', '--hard', 'HEAD^');
  });

  it('what cannot be built, when its tests have passed', () =>
    refusesAfter(
      'Import what there is not',
      (folder) => appendFileSync(join(folder, 'function/shipper.ts'), "import './nowhere.ts';\n"),
      /tools\/release\/tree\.ts failed: what it says is above\./,
    ));

  it('with everything as it was, when a branch is held, or the checkout cannot follow', async () => {
    const held = join(clone.folder, '.git/refs/heads/module.lock');
    writeFileSync(held, '');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /git update-ref failed: fatal: .*module/);
    rmSync(held);
    const index = join(clone.folder, '.git/index.lock');
    writeFileSync(index, '');
    await expectRefusal(() => clone.release(FIRST, '--yes'), /git read-tree failed: fatal: .*index\.lock/);
    rmSync(index);
  });

  describe('when there is a release', () => {
    let released: string;

    before(async () => {
      const { status, stderr } = await clone.release(FIRST, '--yes');
      expect(status, stderr).to.equal(0);
      rmSync(join(clone.folder, 'dist'), { recursive: true });
      released = await clone.git('rev-parse', 'module');
    });

    /** Puts another commit under the tag of the release: its tree, with one file changed, or another message. */
    async function tamper(message: string, readme?: string): Promise<void> {
      const env = `GIT_INDEX_FILE='${join(clones.folder, 'index')}'`;
      await clone.shell(`${env} git read-tree module`);
      mkdirSync(join(clone.folder, '.local'), { recursive: true });
      writeFileSync(join(clone.folder, '.local/readme'), readme ?? (await clone.git('show', 'module:README.md')));
      if (readme) {
        const blob = await clone.git('hash-object', '-w', '.local/readme');
        await clone.shell(`${env} git update-index --cacheinfo 100644,${blob},README.md`);
      }
      const tree = (await clone.shell(`${env} git write-tree`)).stdout.trim();
      const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
      const commit = await clone.git(...identity, 'commit-tree', tree, '-m', message);
      await clone.git(...identity, 'tag', '--force', '--annotate', '-m', 'tampered', `v${FIRST}`, commit);
    }

    it('the same version again', () =>
      expectRefusal(
        () => clone.release(FIRST, '--yes'),
        /was released already: its tag is what [0-9a-f]{7} of main builds/,
      ));

    it('an older version', () =>
      expectRefusal(
        () => clone.release('0.0.1', '--yes'),
        new RegExp(`0\\.0\\.1 is not newer than the last release, ${FIRST}\\.`),
      ));

    it('a tag that is not what its commit of main builds, to make and to verify', async () => {
      const source = await clone.git('rev-parse', 'main');
      await tamper(`Release ${FIRST}\n\nSource-Commit: ${source}`, 'Trust me.\n');
      const sentence = new RegExp(
        `The tag v${FIRST} is not what .+ ${source.slice(0, 7)}, builds: README.md differs\\.`,
      );
      await expectRefusal(() => clone.release(FIRST, '--verify'), sentence);
      await expectRefusal(() => clone.release(FIRST, '--yes'), sentence);
    });

    it('a tag that does not say of what it was made, or names what is not of main', async () => {
      await tamper('Release');
      await expectRefusal(() => clone.release(FIRST, '--verify'), /is no release: .+ has no line Source-Commit/);
      await tamper(`Release\n\nSource-Commit: ${released}`);
      await expectRefusal(() => clone.release(FIRST, '--verify'), /which is no commit of main/);
    });

    it('to go on from a branch that is not at the last release', () =>
      expectRefusal(
        () => clone.release(SECOND, '--yes'),
        new RegExp(`The branch module must be at v${FIRST}, the last release`),
      ));
  });
});

import { expect } from 'chai';
import { releasedChangelog, unreleasedEntries } from '../../tools/release/changelog.ts';

const BEFORE = `# Changelog

## Unreleased

- One.
- Two.

## 0.1.0 (2026-01-01)

- First.
`;

describe('The changelog of a release', () => {
  it('has what was not released as the section of the version, and the commits by what they change', () => {
    const commits = [
      { heading: 'Rename `a_b` to c_d', paths: ['tests/a.test.ts', 'modules/shipper/outputs.ts'] },
      { heading: 'Test it', paths: ['tests/a.test.ts'] },
      { heading: 'Say it', paths: ['README.md', 'tests/a.test.ts'] },
      { heading: 'Change the module again', paths: ['docs/a.md', 'modules/hcl.ts', 'function/config.ts'] },
      { heading: 'Change nothing', paths: [] },
    ];
    expect(releasedChangelog(BEFORE, '0.2.0', '2026-02-03', commits)).to.equal(`# Changelog

## Unreleased

## 0.2.0 (2026-02-03)

- One.
- Two.

<details>
<summary>5 commits, by what they change</summary>

**The module**

- Rename \`a_b\` to c\\_d
- Change the module again

**Documents**

- Say it

**Tests and tools**

- Test it
- Change nothing

</details>

## 0.1.0 (2026-01-01)

- First.
`);
  });

  it('is made of an empty section, and of the first one, too', () => {
    const first = '# Changelog\n\n## Unreleased\n';
    expect(releasedChangelog(first, '0.1.0', '2026-01-01', [])).to.equal(
      '# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-01-01)\n',
    );
    expect(unreleasedEntries(first)).to.equal(0);
    expect(unreleasedEntries(BEFORE)).to.equal(2);
  });

  it('is refused where a release finds no entries, or finds its own', () => {
    expect(() => releasedChangelog('# Changelog\n', '0.1.0', '', [])).to.throw('no heading "## Unreleased"');
    expect(() => releasedChangelog(BEFORE, '0.1.0', '', [])).to.throw('CHANGELOG.md has a section 0.1.0 already.');
  });
});

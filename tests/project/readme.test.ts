import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';

const DOCUMENTS = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n');

/** The places that a link may lead to, besides a document's beginning, as those who show Markdown name them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm);
  const anchors = new Set<string>();
  for (const [, heading = ''] of headings) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i++) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Fenced blocks have comments that look like headings, and brackets that look like links. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** The links of a document that lead nowhere. */
function brokenLinks(document: string): string[] {
  const text = withoutBlocks(readFileSync(document, 'utf8'));
  const targets = Array.from(text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g), ([, target = '']) => target);
  return targets.filter((target) => {
    const [path = '', anchor] = target.split('#', 2);
    const file = path === '' ? document : normalize(join(dirname(document), path));
    if (!existsSync(file)) return true;
    if (anchor === undefined) return false;
    return statSync(file).isDirectory() || !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
  });
}

describe('The README', () => {
  const readme = readFileSync('README.md', 'utf8');

  it('is read in one go: it has less than 300 lines', () => expect(readme.split('\n')).to.have.length.within(50, 300));

  it('leads to every document', () => {
    const documents = DOCUMENTS.filter((file) => /^(docs\/)?[^/]+\.md$/.test(file) && file !== 'README.md');
    expect(documents).to.include('docs/operations.md');
    for (const document of documents) expect(readme).to.include(`](${document})`);
  });
});

describe('The links of the documents', () => {
  it('are found', () => expect(DOCUMENTS).to.include.members(['README.md', 'CONTRIBUTING.md', 'docs/reference.md']));

  for (const document of DOCUMENTS)
    it(`lead somewhere: ${document}`, () => expect(brokenLinks(document)).to.deep.equal([]));
});

describe('What the sources say of documents', () => {
  const sources = execFileSync(
    'git',
    ['grep', '-hoE', 'docs/[a-z-]+\\.md(#[a-z0-9_-]+)?', '--', 'cli', 'examples', 'function', 'modules', 'tools'],
    { encoding: 'utf8' },
  );
  const named = new Set(sources.trim().split('\n'));

  it('is found', () => expect(named).to.include('docs/operations.md#too-far-behind'));

  for (const place of named)
    it(`leads somewhere: ${place}`, () => {
      const [file = '', anchor] = place.split('#', 2);
      expect(existsSync(file)).to.equal(true);
      if (anchor) expect(anchorsOf(readFileSync(file, 'utf8'))).to.include(anchor);
    });
});

import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readmeWithTables } from '../../tools/readme.ts';

const readme = readFileSync('README.md', 'utf8');

describe('The README', () => {
  it('has the inputs and outputs that the module has (`npm run readme` writes them)', () => {
    expect(readme).to.include('| `loki_url` |');
    expect(readme).to.equal(readmeWithTables(readme));
  });

  it('names files that are there', () => {
    const files = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, file]) => file ?? '');
    expect(files).not.to.be.empty;
    expect(files.filter((file) => !existsSync(file))).to.be.empty;
  });
});

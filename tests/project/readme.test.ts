import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const readme = readFileSync('README.md', 'utf8');

describe('The README', () => {
  it('has the inputs of the module', () => expect(readme).to.include('| `loki_url` |'));

  it('names files that are there', () => {
    const files = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, file]) => file ?? '');
    expect(files).not.to.be.empty;
    expect(files.filter((file) => !existsSync(file))).to.be.empty;
  });
});

import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { VERSION } from '../../function/version.ts';

describe('The version', () => {
  it('is that of the package', () => {
    expect(VERSION).to.equal(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });
});

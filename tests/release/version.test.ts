import { expect } from 'chai';
import { compareVersions, isVersion, parseVersion } from '../../tools/release/version.ts';

describe('A version', () => {
  it('is three numbers, and may say that it comes before a release', () => {
    for (const version of ['0.1.0', '10.20.30', '1.0.0-rc.1', '1.0.0-0.x-y']) expect(isVersion(version)).to.equal(true);
  });

  it('is nothing else', () => {
    for (const text of ['v0.1.0', '0.1', '01.0.0', '1.0.0-01', '1.0.0-', '1.0.0+build', '1.0.0\n', 'latest', ''])
      expect(() => parseVersion(text), text).to.throw(/ is no version: three numbers are, such as 0\.1\.0/);
  });

  it('comes after those of https://semver.org/#spec-item-11', () => {
    const inOrder = [
      '0.9.10',
      '0.10.0',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ];
    expect([...inOrder].reverse().sort(compareVersions)).to.deep.equal(inOrder);
    expect(compareVersions('1.0.0-rc.1', '1.0.0-rc.1')).to.equal(0);
  });
});

import { expect } from 'chai';
import { isAtLeast } from '../../../tools/local/versions.ts';

describe('isAtLeast', () => {
  it('compares numbers, not text', () => {
    expect(isAtLeast('1.10.0', '1.9.0')).to.equal(true);
    expect(isAtLeast('1.9.0', '1.10.0')).to.equal(false);
  });

  it('takes an equal version', () => expect(isAtLeast('1.9.0', '1.9.0')).to.equal(true));

  it('takes missing parts as zero', () => {
    expect(isAtLeast('1.9', '1.9.0')).to.equal(true);
    expect(isAtLeast('1', '1.9')).to.equal(false);
  });

  it('reads a pre-release as its version', () => expect(isAtLeast('1.12.0-beta1', '1.12.0')).to.equal(true));

  it('refuses what is no version', () => {
    for (const text of ['', 'plugins', '.DS_Store']) expect(isAtLeast(text, '0.1'), text).to.equal(false);
  });
});

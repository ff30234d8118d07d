import { expect } from 'chai';
import { normalise } from '../../../function/labels/normalise.ts';

describe('A value of a tag', () => {
  it('is trimmed of spaces of every kind, and only if it shall be', () => {
    const spaces = ' \t\u0085\u00a0\u2003\u2028\u3000';
    expect(normalise(`${spaces}a b${spaces}`, { trim: true, case: 'keep' })).to.equal('a b');
    expect(normalise(' a ', { trim: false, case: 'keep' })).to.equal(' a ');
    expect(normalise('\ufeffa', { trim: true, case: 'keep' })).to.equal('\ufeffa');
    expect(normalise('   ', { trim: true, case: 'keep' })).to.equal('');
  });

  // What Terraform 1.11 makes of them.
  const LOWER = {
    'Team-A_9': 'team-a_9',
    ÄÖß: 'äöß',
    ΑΣ: 'ασ',
    İI: 'ii',
    Ǆ: 'ǆ',
    名Ａ: '名ａ',
    '👍🏽': '👍🏽',
    𐐀: '𐐨',
  };
  for (const [value, lower] of Object.entries(LOWER))
    it(`${value} is ${lower} in lower case`, () =>
      expect(normalise(value, { trim: true, case: 'lower' })).to.equal(lower));

  const UPPER = { 'Team-a_9': 'TEAM-A_9', äöß: 'ÄÖß', ας: 'ΑΣ', iı: 'II', ŉ: 'ŉ', ǆ: 'Ǆ', ﬁ: 'ﬁ', 𐐨: '𐐀' };
  for (const [value, upper] of Object.entries(UPPER))
    it(`${value} is ${upper} in upper case`, () =>
      expect(normalise(value, { trim: true, case: 'upper' })).to.equal(upper));
});

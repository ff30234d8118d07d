import { expect } from 'chai';
import fc from 'fast-check';
import { quote } from '../../../function/labels/logql.ts';
import { anyText } from '../delivery/text.ts';
import { unquote } from './selector.ts';

describe('A quoted value', () => {
  const QUOTED = {
    'fun-checkout': '"fun-checkout"',
    'a "b" \\n': '"a \\"b\\" \\\\n"',
    'line\nbreak\ttab\0': '"line\\u000abreak\\u0009tab\\u0000"',
    'Größe 👍 名前': '"Größe 👍 名前"',
    'turn\u202eround': '"turn\\u202eround"',
    'tag\u{e0001}': '"tag\\U000e0001"',
    'byte order mark \ufeff': '"byte order mark \\ufeff"',
    'half \ud83d pair': '"half ? pair"',
    'replacement \ufffd': '"replacement ?"',
  };
  for (const [value, quoted] of Object.entries(QUOTED)) it(`is ${quoted}`, () => expect(quote(value)).to.equal(quoted));

  it('is read by Loki as it was, whatever it is', () => {
    fc.assert(
      fc.property(anyText(256), (text) => {
        const quoted = quote(text);
        expect(quoted).to.match(/^".*"$/u);
        expect(unquote(quoted.slice(1, -1))).to.equal(text.replace(/[\p{Cs}\ufffd]/gu, '?'));
      }),
    );
  });
});

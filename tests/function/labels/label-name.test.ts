import { expect } from 'chai';
import fc from 'fast-check';
import { labelName } from '../../../function/labels/label-name.ts';
import { anyText } from '../delivery/text.ts';

describe('The name of a label', () => {
  const NAMES = {
    owner: 'owner',
    'Team-Name': 'Team_Name',
    'cost:center/2': 'cost_center_2',
    _private: '_private',
    __reserved: '_reserved',
    ____: '_',
    '--x': '_x',
    '2nd': '_2nd',
    '-2nd': '_2nd',
    größe: 'gr__e',
    'a👍b': 'a_b',
    名前: '_',
  };
  for (const [key, name] of Object.entries(NAMES))
    it(`is ${name} for the key ${key}`, () => expect(labelName(key)).to.equal(name));

  it('is one that Loki takes, for any key', () => {
    fc.assert(
      fc.property(
        anyText(128).filter((key) => key !== ''),
        (key) => /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(labelName(key)),
      ),
    );
  });

  it('stays what it is', () => {
    fc.assert(fc.property(anyText(128), (key) => labelName(labelName(key)) === labelName(key)));
  });

  it('is what the expression of the Terraform module makes', () => {
    fc.assert(
      fc.property(
        anyText(128),
        (key) =>
          labelName(key) ===
          key.replace(/[^a-zA-Z0-9_]/gu, '_').replace(/^(?:__+|([0-9]))/, (_, digit = '') => `_${digit}`),
      ),
    );
  });
});

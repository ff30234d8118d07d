import { expect } from 'chai';
import fc from 'fast-check';
import { labelName as inFunction } from '../../../function/labels/label-name.ts';
import { labelName } from '../../../modules/shipper/label-names.ts';

/** What Terraform makes of the expression: its `replace` takes a pattern between slashes and replaces every match. */
function inModule(key: string): string {
  const [, first = '', by = '', second = '', with1 = ''] =
    /^replace\(replace\(key, "\/(.+?)\/", "(.+?)"\), "\/(.+)\/", "(.+)"\)$/.exec(labelName('key')) ?? [];
  return key.replace(new RegExp(first, 'gu'), by).replace(new RegExp(second, 'gu'), with1);
}

describe('The label that a tag becomes', () => {
  it('has the same name in the outputs of the module as in Loki', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('_', '0', '9', 'a', 'Z', '-', ' ', 'é', '名', '😀'), maxLength: 6 }),
    );
    fc.assert(
      fc.property(key, (key) => {
        expect(inModule(key)).to.equal(inFunction(key));
      }),
    );
  });
});

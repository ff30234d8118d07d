import { expect } from 'chai';
import { parseOptions } from '../../demo/options.ts';

describe('parseOptions', () => {
  it('asks for nothing by default', () => {
    expect(parseOptions([])).to.deep.equal({ keep: false, json: false });
  });

  it('takes the options in any order', () => {
    expect(parseOptions(['--json', '--keep'])).to.deep.equal({ keep: true, json: true });
  });

  it('names an option that there is not, and those there are', () => {
    expect(() => parseOptions(['--keep', '--jsn'])).to.throw(/no option --jsn.*--keep.*--json/s);
  });
});

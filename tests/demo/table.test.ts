import { expect } from 'chai';
import { table } from '../../demo/terminal.ts';

describe('table', () => {
  it('makes each column as wide as its widest cell, and leaves no blanks at the end of a line', () => {
    const rows = [
      ['group', 'owner'],
      ['/aws/lambda/a', ''],
      ['/b', 'team'],
    ];
    expect(table(rows)).to.equal('  group          owner\n  /aws/lambda/a\n  /b             team');
  });
});

import { expect } from 'chai';
import { EXIT } from '../../cli/exit-code.ts';
import { exitCodes } from '../../cli/exit-codes.ts';

describe('The exit codes in the help', () => {
  it('are those that a command ends with, in their order', () => {
    const codes = Array.from(exitCodes({ ok: 'fine' }).matchAll(/^ {2}(\d+) +\S/gm), ([, code]) => Number(code));
    expect(codes).to.deep.equal([...codes].sort((a, b) => a - b));
    expect(codes).to.have.members([EXIT.ok, EXIT.badUsage, EXIT.failed, EXIT.interrupted]);
  });

  it("have the command's own meaning, if it gives one", () => {
    expect(exitCodes({ ok: 'fine', failed: 'not fine' }))
      .to.match(/ 0 +fine\n/)
      .and.include('  not fine\n');
  });
});

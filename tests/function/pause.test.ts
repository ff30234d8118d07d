import { expect } from 'chai';
import { Pause, spread } from '../../function/pause.ts';

describe('The pause after a failure', () => {
  it('doubles from half a minute to five minutes, until something succeeds', () => {
    const pause = new Pause(() => 0.5);
    expect([1, 2, 3, 4, 5, 6].map(() => pause.next())).to.deep.equal([
      30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    pause.end();
    expect(pause.next()).to.equal(30_000);
  });

  it('is up to a fifth shorter or longer', () => {
    expect(new Pause(() => 0).next()).to.equal(24_000);
    expect(spread(1_000, () => 0)).to.equal(800);
    expect(spread(1_000, () => 1)).to.be.closeTo(1_200, 0.001);
  });

  it('is over when Lambda repeats an invocation for the first and the second time', () => {
    const pause = new Pause(() => 1);
    expect(pause.next()).to.be.below(60_000);
    expect(pause.next()).to.be.below(120_000);
  });
});

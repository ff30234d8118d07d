import { expect } from 'chai';
import { Pace } from '../../../function/registry/pace.ts';
import { seeded } from '../../support/fake-account.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const given = (start = 2, most = 4) => {
  const clock = new VirtualClock(0, seeded(1));
  return { clock, pace: new Pace({ start, most, clock }) };
};
const FOREVER = Number.POSITIVE_INFINITY;

describe('The pace', () => {
  it('lets calls start one after the other, however many come at once', async () => {
    const { clock, pace } = given();
    const starts: number[] = [];
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        await pace.turn(FOREVER);
        starts.push(clock.now());
      }),
    );
    expect(starts).to.deep.equal([0, 500, 1_000, 1_500, 2_000]);
  });

  it('rises slowly with calls that were taken, up to its most', async () => {
    const { clock, pace } = given();
    const rateOver = async (calls: number) => {
      const start = clock.now();
      for (let i = 0; i < calls; i++) {
        await pace.turn(FOREVER);
        pace.taken();
      }
      return (calls * 1000) / (clock.now() - start);
    };
    expect(await rateOver(10)).to.be.within(2, 2.5);
    await rateOver(100);
    expect(await rateOver(100)).to.be.within(3.99, 4.01);
  });

  it('is halved when a call is refused, and all who wait wait longer', async () => {
    const { clock, pace } = given(4, 4);
    const starts: number[] = [];
    const waiting = Array.from({ length: 4 }, async (_, i) => {
      await pace.turn(FOREVER);
      starts.push(clock.now());
      if (i === 1) pace.refused();
    });
    await Promise.all(waiting);
    const [, second = 0, third = 0, fourth = 0] = starts;
    expect(second).to.equal(250);
    expect(third - second).to.be.within(250, 750);
    expect(fourth - third).to.equal(500);
  });

  it('never stops', async () => {
    const { clock, pace } = given();
    for (let i = 0; i < 50; i++) pace.refused();
    await pace.turn(FOREVER);
    const start = clock.now();
    await pace.turn(FOREVER);
    expect(clock.now() - start).to.equal(4_000);
  });

  it('tells, without a wait, whose turn would come too late', async () => {
    const { clock, pace } = given();
    expect(await Promise.all([1, 2, 3, 4].map(() => pace.turn(600)))).to.deep.equal([true, true, false, false]);
    expect(clock.now()).to.equal(500);
    await clock.delay(200);
    expect(await pace.turn(600)).to.equal(false);
  });
});

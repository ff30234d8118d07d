import { expect } from 'chai';
import type { HistoryEvent } from '../../../cli/aws/log-history.ts';
import { Slices } from '../../../cli/backfill/slices.ts';

const MINUTE = 60_000;

describe('Slices of a history', () => {
  const at = (timestamp: number, message = ''): HistoryEvent => ({ id: '', timestamp, message, logStream: 's' });
  const taken = (slices: Slices, complete: number) =>
    [...slices.take(complete)].map(({ events, end }) => ({ times: events.map(({ timestamp }) => timestamp), end }));

  it('wait until half an hour is complete', () => {
    const slices = new Slices();
    slices.add([at(5), at(6), at(20 * MINUTE)]);
    expect(taken(slices, 20 * MINUTE)).to.deep.equal([]);
    slices.add([at(31 * MINUTE)]);
    expect(taken(slices, 31 * MINUTE)).to.deep.equal([{ times: [5, 6, 20 * MINUTE], end: 30 * MINUTE + 5 }]);
  });

  it('span half an hour at most, also at the end, so that Loki does not find the next log stream too far behind', () => {
    const slices = new Slices();
    slices.add([at(0), at(30 * MINUTE - 1), at(30 * MINUTE), at(300 * MINUTE)]);
    expect(taken(slices, Number.POSITIVE_INFINITY)).to.deep.equal([
      { times: [0, 30 * MINUTE - 1], end: 30 * MINUTE },
      { times: [30 * MINUTE], end: 60 * MINUTE },
      { times: [300 * MINUTE], end: 330 * MINUTE },
    ]);
  });

  it('end earlier where there is much, but not inside of a millisecond', () => {
    const slices = new Slices();
    const much = 'x'.repeat(3 * 1024 * 1024);
    slices.add([at(1, much), at(2, much), at(3, much)]);
    expect(taken(slices, 3)).to.deep.equal([{ times: [1, 2], end: 3 }]);
    slices.add([at(3, much), at(3, much)]);
    expect(taken(slices, 3), 'there may be more of it').to.deep.equal([]);
    slices.add([at(4)]);
    expect(taken(slices, 4)).to.deep.equal([{ times: [3, 3, 3], end: 4 }]);
  });

  it('know of a line that came after its slice, and ship it with the next one', () => {
    const slices = new Slices();
    slices.add([at(0), at(40 * MINUTE)]);
    taken(slices, 40 * MINUTE);
    expect(slices.late).to.equal(false);
    slices.add([at(29 * MINUTE)]);
    expect(slices.late).to.equal(true);
    expect(taken(slices, Number.POSITIVE_INFINITY).flatMap(({ times }) => times)).to.deep.equal([
      29 * MINUTE,
      40 * MINUTE,
    ]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import type { LogEvent } from '../../../function/delivery/decode.ts';
import { EntryTime, Timestamps } from '../../../function/delivery/timestamps.ts';

/** Nanoseconds since 1970 of each event of a delivery, which comes in batches of this size. */
function times(events: readonly Pick<LogEvent, 'id' | 'timestamp'>[], batch = events.length): bigint[] {
  const timestamps = new Timestamps();
  const time = new EntryTime();
  const all: bigint[] = [];
  for (let start = 0; start < events.length; start += batch) {
    const some = events.slice(start, start + batch).map((event) => ({ ...event, message: '' }));
    const offsets = timestamps.offsets(some);
    some.forEach(({ timestamp }, i) => {
      const { seconds, nanos } = time.set(timestamp, offsets[i] ?? Number.NaN);
      expect(nanos).to.be.within(0, 999_999_999);
      all.push(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
    });
  }
  return all;
}

describe('The time of an entry', function () {
  this.timeout(10_000);

  it('is the millisecond of the event and the last six digits of its id', () => {
    expect(times([{ id: '99999000123456', timestamp: 1_700_000_000_789 }])).to.deep.equal([1_700_000_000_789_123_456n]);
  });

  it('keeps the last 10,000 ns of a millisecond free for the events that follow', () => {
    expect(times([{ id: '999999', timestamp: 0 }])).to.deep.equal([9_999n]);
  });

  it('reads an id that is short, empty or no number', () => {
    expect(times([{ id: '42', timestamp: 0 }])).to.deep.equal([42n]);
    expect(times([{ id: '', timestamp: 0 }])).to.deep.equal([0n]);
    expect(times([{ id: 'id-é', timestamp: 0 }])[0]).to.satisfy((ns: bigint) => ns >= 0n && ns < 990_000n);
  });

  it('keeps the order of events inside one millisecond', () => {
    const events = ['5', '3', '9', '1'].map((id) => ({ id, timestamp: 7 }));
    expect(times(events)).to.deep.equal([7_000_005n, 7_000_006n, 7_000_009n, 7_000_010n]);
  });

  it('starts again at the next millisecond, and when time goes back', () => {
    const events = [7, 8, 7].map((timestamp) => ({ id: '5', timestamp }));
    expect(times(events)).to.deep.equal([7_000_005n, 8_000_005n, 7_000_005n]);
  });

  it('carries into the next second, in order, when a millisecond overflows', () => {
    const run = Array.from({ length: 12_000 }, () => ({ id: '989999', timestamp: 1_999 }));
    const all = times([...run, { id: '0', timestamp: 2_000 }]);
    expect(all).to.deep.equal(Array.from({ length: 12_001 }, (_, i) => 1_999_989_999n + BigInt(i)));
  });

  it('is different for each event of a run, in order, in the event’s millisecond, and the same for the same delivery', () => {
    const event = fc.record({
      id: fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{56}$/)),
      timestamp: fc.oneof(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_003 }), fc.maxSafeNat()),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const all = times(events);
        expect(times(events)).to.deep.equal(all);
        expect(times(events, 3)).to.deep.equal(all);
        events.forEach(({ timestamp }, i) => {
          expect((all[i] ?? -1n) / 1_000_000n).to.equal(BigInt(timestamp));
          if (events[i - 1]?.timestamp === timestamp)
            expect(Number((all[i] ?? 0n) - (all[i - 1] ?? 0n))).to.be.above(0);
        });
      }),
    );
  });
});

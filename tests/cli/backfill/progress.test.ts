import { expect } from 'chai';
import { newCheckpoint } from '../../../cli/backfill/checkpoint.ts';
import { NOTHING } from '../../../cli/backfill/counts.ts';
import { progressText } from '../../../cli/backfill/progress.ts';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-11-23T00:00:00Z');

describe('The progress of a backfill', () => {
  const asked = { shipper: '', logGroup: '/a', from: '', to: '', filterPattern: '' };
  const start = newCheckpoint(asked, { from: FROM, to: FROM + 10 * HOUR, filterPattern: '' });

  it('begins without an end', () => {
    expect(progressText(start, { position: FROM, time: 0 }, 0)).to.equal(
      '[--------------------] 2026-11-23T00:00:00Z, 0 lines',
    );
  });

  it('says what became of the lines, and how long it will take', () => {
    const counts = { ...NOTHING, lines: 5_000, stored: 4_990, parked: { a: 8, b: 2 } };
    const half = { ...start, position: FROM + 5 * HOUR, counts };
    expect(progressText(half, { position: FROM, time: 0 }, 150_000)).to.equal(
      '[##########----------] 2026-11-23T05:00:00Z, 5,000 lines, 4,990 stored, 10 parked, 3 min left',
    );
    expect(progressText(half, { position: FROM, time: 0 }, 9_000)).to.match(/, less than a minute left$/);
  });

  it('reckons with what this run did, not with what one before it did', () => {
    const at = { ...start, position: FROM + 6 * HOUR };
    expect(progressText(at, { position: FROM + 5 * HOUR, time: 0 }, HOUR)).to.match(/, 4 h 0 min left$/);
  });
});

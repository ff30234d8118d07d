import { expect } from 'chai';
import fc from 'fast-check';
import { parkedKey } from '../../../function/delivery/parked.ts';
import { placesOf } from '../../../function/registry/replay-keys.ts';
import { isSelected, type ReplayFilter } from '../../../function/replay-filter.ts';

const keyOf = (logGroup: string, time: string | number) =>
  parkedKey(
    { account: '1', logGroup, logStream: 's', by: 'loki', first: '1', last: '1', count: 1 },
    typeof time === 'string' ? Date.parse(time) : time,
  );

/** Whether what has this key would be read. */
const isRead = (key: string, filter: ReplayFilter) =>
  placesOf('f', filter).some(
    ({ prefix, after = '', mayMatch }) => key.startsWith(prefix) && key > after && mayMatch(key),
  );

describe('Where a replay looks', () => {
  it('is among parked lines first, then among the failed deliveries of the shipper', () => {
    expect(placesOf('f', {}).map(({ prefix }) => prefix)).to.deep.equal(['parked/', 'aws/lambda/async/f/']);
    expect(isRead('aws/lambda/async/other/2026/11/23/x', {})).to.equal(false);
  });

  it('is among the failed deliveries alone for their reason, and among parked lines alone for another', () => {
    const prefixes = (reason: string) => placesOf('f', { reason }).map(({ prefix }) => prefix);
    expect(prefixes('failed_delivery')).to.deep.equal(['aws/lambda/async/f/']);
    expect(prefixes('too_far_behind')).to.deep.equal(['parked/']);
  });

  it('leaves out parked lines of other log groups', () => {
    const key = keyOf('/aws/lambda/x', '2026-11-23T03:00Z');
    for (const group of ['/aws/lambda/x', '/aws/*', '*x']) expect(isRead(key, { group }), group).to.equal(true);
    for (const group of ['/aws/lambda', 'x', '/aws/*/y']) expect(isRead(key, { group }), group).to.equal(false);
    expect(isRead(keyOf('plain', 0), { group: 'plain' })).to.equal(true);
  });

  it('leaves out other days, but not the ones before and after', () => {
    const filter = { from: '2026-11-23T23:00:00Z', to: '2026-11-24T01:00:00Z' };
    const days = ['21', '22', '23', '24', '25', '26'];
    const read = days.filter((day) => isRead(keyOf('/x', `2026-11-${day}T12:00Z`), filter));
    expect(read).to.deep.equal(['22', '23', '24', '25']);
    const failed = days.filter((day) => isRead(`aws/lambda/async/f/2026/11/${day}/2026-11-${day}T00.00.00-u`, filter));
    expect(failed).to.deep.equal(['22', '23', '24', '25', '26']);
  });

  it('does not leave out what is no parked object by its name', () => {
    expect(isRead('parked/notes.txt', { group: '/x', from: '2020-01-01T00:00Z' })).to.equal(true);
  });

  it('is wherever a line may be that the filter selects', () => {
    const day = 24 * 3600_000;
    const time = fc.integer({ min: 1e12, max: 1e12 + 10 * day });
    const iso = fc.option(
      time.map((ms) => new Date(ms).toISOString()),
      { nil: undefined },
    );
    const group = fc
      .array(fc.constantFrom('/', 'a', 'b'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const pattern = fc.option(
      group.map((text) => text.replace('a', '*')),
      { nil: undefined },
    );
    let selected = 0;
    fc.assert(
      fc.property(group, pattern, time, fc.nat(day), iso, iso, (logGroup, group, first, apart, from, to) => {
        const filter = { ...(group && { group }), ...(from && { from }), ...(to && { to }) };
        if (!isSelected({ logGroup, time: first + apart, reason: 'bad_request' }, filter)) return;
        selected++;
        expect(isRead(keyOf(logGroup, first), filter)).to.equal(true);
      }),
      { numRuns: 2000 },
    );
    expect(selected).to.be.greaterThan(100);
  });
});

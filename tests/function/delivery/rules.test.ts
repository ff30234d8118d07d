import { expect } from 'chai';
import fc from 'fast-check';
import { admit, type LineRules, ORIGINAL_TIME } from '../../../function/delivery/rules.ts';
import { anyText, asUtf8 } from './text.ts';

const NOW = Date.UTC(2026, 0, 15, 8, 3, 20);
const HOUR = 3_600_000;
const RULES: LineRules = {
  maxBytes: 1024,
  tooLong: 'split',
  maxAgeMs: 168 * HOUR,
  maxAheadMs: 600_000,
  outOfRange: 'park',
};
const NO_LIMIT = { maxAgeMs: Number.POSITIVE_INFINITY, maxAheadMs: Number.POSITIVE_INFINITY };

function event(message: string, timestamp = NOW) {
  return { id: '1', timestamp, message };
}

const MARKER = / \[loki-shipper: part (\d+) of (\d+)\]$/;

describe('The rules for lines', () => {
  it('hand on a batch as it is when there is nothing to do', () => {
    const events = [event('a'), event('x'.repeat(1024)), event('', NOW - 168 * HOUR), event('é', NOW + 600_000)];
    const admitted = admit(events, RULES, NOW);
    expect(admitted.events).to.equal(events);
    expect(admitted).to.include({ split: 0, partsAdded: 0, cut: 0, clamped: 0 });
  });

  it('split a line that is too long into parts that say which they are', () => {
    const admitted = admit([event('x'.repeat(2_500))], RULES, NOW);
    expect(admitted.events.map(({ message }) => MARKER.exec(message)?.slice(1))).to.deep.equal([
      ['1', '3'],
      ['2', '3'],
      ['3', '3'],
    ]);
    expect(admitted).to.include({ split: 1, partsAdded: 2, cut: 0 });
    expect(new Set(admitted.events.map(({ id, timestamp }) => `${id} ${timestamp}`))).to.deep.equal(
      new Set([`1 ${NOW}`]),
    );
  });

  it('split at characters, lose nothing, and keep every part in the limit', () => {
    fc.assert(
      fc.property(anyText(3_000), fc.integer({ min: 1024, max: 2048 }), (message, maxBytes) => {
        const { events } = admit([event(message)], { ...RULES, maxBytes }, NOW);
        for (const { message } of events) expect(Buffer.byteLength(message)).to.be.at.most(maxBytes);
        if (Buffer.byteLength(message) <= maxBytes) expect(events[0]?.message).to.equal(message);
        else expect(events.map(({ message }) => message.replace(MARKER, '')).join('')).to.equal(asUtf8(message));
      }),
    );
  });

  it('cut a line that is too long, when told to, at a character, and say how long it was', () => {
    const { events, cut, split } = admit([event('€'.repeat(1_000))], { ...RULES, tooLong: 'cut' }, NOW);
    expect(events[0]?.message).to.match(/^€{325} \[loki-shipper: cut from 3000 bytes\]$/);
    expect([cut, split]).to.deep.equal([1, 0]);
  });

  it('refuse what is older or newer than Loki takes, to the millisecond', () => {
    const old = event('old', NOW - 168 * HOUR - 1);
    const young = event('new', NOW + 600_001);
    const fine = event('fine');
    const admitted = admit([old, fine, young], RULES, NOW);
    expect(admitted.events).to.deep.equal([fine]);
    expect([admitted.tooOld, admitted.tooNew]).to.deep.equal([[old], [young]]);
  });

  it('clamp the time of such a line, when told to, and keep the one that it had', () => {
    const events = [event('old', NOW - 200 * HOUR), event('fine'), event('new', NOW + HOUR)];
    const { own, clamped, ...admitted } = admit(events, { ...RULES, outOfRange: 'clamp' }, NOW);
    expect(clamped).to.equal(2);
    const [old, fine, young] = admitted.events;
    expect(old?.timestamp).to.be.within(NOW - 168 * HOUR + 60_000, NOW - 168 * HOUR + 11 * 60_000);
    expect(fine).to.deep.equal(event('fine'));
    expect(young?.timestamp).to.be.within(NOW - 60_000, NOW + 9 * 60_000);
    expect(Array.from(own)).to.deep.equal([
      [old, [[ORIGINAL_TIME, '2026-01-07T00:03:20.000Z']]],
      [young, [[ORIGINAL_TIME, '2026-01-15T09:03:20.000Z']]],
    ]);
  });

  it('clamp to the same time a few minutes later, so that a repeated delivery is shown once', () => {
    const times = (now: number) =>
      admit([event('old', 0), event('new', NOW * 2)], { ...RULES, outOfRange: 'clamp' }, now).events.map(
        ({ timestamp }) => timestamp,
      );
    const start = Math.floor(NOW / 600_000) * 600_000;
    expect(times(start + 120_000)).to.deep.equal(times(start + 480_000));
  });

  it('check no time that has no limit', () => {
    const events = [event('a', 0), event('b', NOW * 2)];
    expect(admit(events, { ...RULES, ...NO_LIMIT }, NOW).events).to.equal(events);
  });

  it('keep the original time with each part of a line that is old and long', () => {
    const { own, events } = admit([event('x'.repeat(2_500), 0)], { ...RULES, outOfRange: 'clamp' }, NOW);
    expect(events).to.have.length(3);
    for (const event of events) expect(own.get(event)).to.deep.equal([[ORIGINAL_TIME, '1970-01-01T00:00:00.000Z']]);
  });
});

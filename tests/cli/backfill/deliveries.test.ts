import { expect } from 'chai';
import fc from 'fast-check';
import type { HistoryEvent } from '../../../cli/aws/log-history.ts';
import { type Delivery, deliveriesOf } from '../../../cli/backfill/deliveries.ts';
import { decode, type LogEvent } from '../../../function/delivery/decode.ts';
import { Timestamps } from '../../../function/delivery/timestamps.ts';

const ORIGIN = { owner: '123456789012', logGroup: '/a' };

describe('Deliveries of a history', function () {
  this.timeout(20_000);
  const event = (timestamp: number, message: string, id = `${timestamp}`, logStream = 's'): HistoryEvent => ({
    id,
    timestamp,
    message,
    logStream,
  });
  const read = async ({ payload }: Delivery) => {
    const delivery = await decode(payload);
    const events: LogEvent[] = [];
    for await (const batch of delivery?.batches ?? []) events.push(...batch);
    return { ...delivery, batches: undefined, events };
  };
  const deliver = (events: readonly HistoryEvent[]) => Promise.all(deliveriesOf(ORIGIN, events).flat().map(read));
  const sizeOf = ({ payload }: Delivery) => Buffer.byteLength(JSON.stringify(payload));
  /** Bytes that do not shrink. */
  const noise = (length: number) =>
    Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('');

  it('are what CloudWatch sends: one of each log stream, in order', async () => {
    const events = [event(1, 'one'), event(2, 'two', '9', 't'), event(3, 'drei ü "quoted"\n'), event(3, 'four', '8')];
    expect(await deliver(events)).to.deep.equal([
      {
        ...ORIGIN,
        logStream: 's',
        batches: undefined,
        events: [
          { id: '1', timestamp: 1, message: 'one' },
          { id: '3', timestamp: 3, message: 'drei ü "quoted"\n' },
          { id: '8', timestamp: 3, message: 'four' },
        ],
      },
      { ...ORIGIN, logStream: 't', batches: undefined, events: [{ id: '9', timestamp: 2, message: 'two' }] },
    ]);
  });

  it('have at most 250 KB, though nothing of it shrinks, and fewer events than CloudWatch sends', () => {
    const large = deliveriesOf(
      ORIGIN,
      Array.from({ length: 30 }, (_, i) => event(i, noise(100_000))),
    ).flat();
    expect(large.map(({ lines }) => lines)).to.deep.equal(Array(15).fill(2));
    for (const delivery of large) expect(sizeOf(delivery)).to.be.below(350_000);
    const small = deliveriesOf(
      ORIGIN,
      Array.from({ length: 20_000 }, (_, i) => event(i, '', '')),
    ).flat();
    expect(small.reduce((sum, { lines }) => sum + lines, 0)).to.equal(20_000);
    for (const { lines } of small) expect(lines).to.be.below(10_000);
  });

  it('carry the largest event of CloudWatch, which is more than CloudWatch sends but less than Lambda takes', async () => {
    const [delivery] = deliveriesOf(ORIGIN, [event(1, noise(1024 * 1024))]).flat();
    expect(sizeOf(delivery as Delivery)).to.be.below(6 * 1024 * 1024);
    expect((await read(delivery as Delivery)).events).to.have.length(1);
  });

  it('end between two milliseconds', async () => {
    const events = Array.from({ length: 100 }, (_, i) => event(Math.floor(i / 7), noise(20_000), `${i}`));
    const deliveries = await deliver(events);
    expect(deliveries.map(({ events }) => events.length)).to.deep.equal([...Array(13).fill(7), 9]);
  });

  it('cut a millisecond that is too large for one by itself', async () => {
    const events = [
      event(1, 'before'),
      ...Array.from({ length: 13 }, (_, i) => event(2, noise(20_000), `${i}`)),
      event(3, 'after'),
    ];
    expect((await deliver(events)).map(({ events }) => events.length)).to.deep.equal([1, 12, 1, 1]);
  });

  it('give a line the same time, wherever the backfill begins and is cut', async () => {
    const lines = fc.array(
      fc.record({
        gap: fc.constantFrom(0, 0, 0, 1, 2),
        id: fc.integer({ min: 0, max: 999_999 }),
        size: fc.constantFrom(1, 1, 90_000),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const timesOf = async (events: readonly HistoryEvent[]) => {
      const times = new Map<string, number>();
      for (const { events: delivered } of await deliver(events)) {
        const offsets = new Timestamps().offsets(delivered);
        for (const [i, { message }] of delivered.entries()) times.set(message.slice(0, 8), offsets[i] ?? -1);
      }
      return times;
    };
    await fc.assert(
      fc.asyncProperty(lines, fc.nat(), async (lines, at) => {
        let now = 0;
        const events = lines.map(({ gap, id, size }, i) => {
          now += gap;
          return event(now, `${i}`.padStart(8).padEnd(size, 'x'), `${id}`);
        });
        const begin = at % (now + 1);
        const all = await timesOf(events);
        const some = await timesOf(events.filter(({ timestamp }) => timestamp >= begin));
        expect(all.size).to.equal(events.length);
        for (const [line, time] of some) expect(time).to.equal(all.get(line));
      }),
      { numRuns: 40 },
    );
  });
});

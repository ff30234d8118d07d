import { expect } from 'chai';
import type { Delivery, LogEvent } from '../../function/delivery/decode.ts';
import type { Refusal } from '../../function/delivery/push.ts';
import { Ledger } from '../../function/ledger.ts';
import { type ShipProps, ship } from '../../function/ship.ts';
import { readPush } from './delivery/loki-push.ts';
import { failure } from './failure.ts';

const NOW = 1_700_000_000_000;
const EVENTS: readonly LogEvent[] = [
  { id: '1', timestamp: NOW, message: 'first' },
  { id: '2', timestamp: NOW + 1, message: 'second' },
];
const LONG = { id: '3', timestamp: NOW + 2, message: 'x'.repeat(700_000) };
const TOO_LONG: Refusal = { kind: 'some', reason: 'line_too_long', said: 'why' };

/** @param batches as the decoder hands them over */
function delivery(...batches: readonly (readonly LogEvent[])[]): Delivery {
  return { owner: '123456789012', logGroup: '/aws/lambda/fun-checkout', logStream: 'a-stream', batches };
}

describe('Shipping a delivery', () => {
  /** Tags, a Loki and a bucket, in memory. */
  function given(overrides: Partial<ShipProps> = {}) {
    const asked: string[] = [];
    const bodies: Uint8Array[] = [];
    const parked: (readonly [line: string, reason: string, by: string, of: number])[] = [];
    const ledger = new Ledger();
    const props: ShipProps = {
      region: 'eu-central-1',
      labels: { fromTags: ['owner'], static: {} },
      rules: { maxBytes: 1_000_000, tooLong: 'split', maxAgeMs: 3_600_000, maxAheadMs: 60_000, outOfRange: 'park' },
      parallelPushes: 1,
      tagsOf: async (logGroup) => {
        asked.push(logGroup);
        return { owner: 'checkout', zone: 'a' };
      },
      push: async (body) => {
        bodies.push(body);
        return undefined;
      },
      parkOf: (_origin, ledger) => async (refused, of, by) => {
        for (const { entries, reason } of refused) {
          for (const { message } of entries.events) parked.push([message.slice(0, 9), reason, by, of.length]);
          ledger.park(reason, entries.events.length);
        }
      },
      ledger,
      deadline: NOW + 10_000,
      now: () => NOW,
      ...overrides,
    };
    const lines = () => bodies.flatMap((body) => readPush(body).streams[0]?.entries.map(({ line }) => line) ?? []);
    return { asked, bodies, lines, parked, ledger, props };
  }

  it('stores its lines in order, in one stream, with the labels and metadata of its log group', async () => {
    const { asked, bodies, ledger, props } = given();
    await ship(delivery(EVENTS), props);
    expect(asked).to.deep.equal(['/aws/lambda/fun-checkout']);
    const { streams } = readPush(bodies[0] ?? Buffer.alloc(0));
    expect(streams.map(({ labels }) => labels)).to.deep.equal([
      '{service_name="fun-checkout", log_group="/aws/lambda/fun-checkout", account_id="123456789012", region="eu-central-1", owner="checkout"}',
    ]);
    expect(streams[0]?.entries.map(({ line }) => line)).to.deep.equal(['first', 'second']);
    for (const entry of streams[0]?.entries ?? [])
      expect(entry.structuredMetadata).to.deep.equal([
        { name: 'log_stream', value: 'a-stream' },
        { name: 'zone', value: 'a' },
      ]);
    expect(ledger).to.include({ received: 2, stored: 2, owed: 0, newest: NOW + 1, oldest: NOW });
  });

  it('gives the lines the same times, in however many batches they come', async () => {
    const at = async (...batches: readonly (readonly LogEvent[])[]) => {
      const { bodies, props } = given();
      await ship(delivery(...batches), props);
      return bodies.flatMap((body) => readPush(body).streams[0]?.entries.map(({ timestamp }) => timestamp) ?? []);
    };
    const same = ['9', '3', '3', '1'].map((id) => ({ id, timestamp: NOW, message: 'same' }));
    expect(await at(same.slice(0, 1), [], same.slice(1, 3), same.slice(3))).to.deep.equal(await at(same));
  });

  it('asks nobody for anything when there are no lines', async () => {
    const { asked, bodies, props } = given();
    await ship(delivery([]), props);
    expect([asked, bodies]).to.deep.equal([[], []]);
  });

  it('pushes nothing when the tags are not known, and owes all of it', async () => {
    const denied = new Error('denied');
    const { bodies, ledger, props } = given({ tagsOf: () => Promise.reject(denied) });
    expect(await failure(ship(delivery(EVENTS, EVENTS), props))).to.equal(denied);
    expect(bodies).to.deep.equal([]);
    expect(ledger).to.include({ received: 4, owed: 4 });
  });

  it('parks what Loki refuses, and stores the rest', async () => {
    const { parked, ledger, props } = given({
      push: async (body) =>
        readPush(body).streams[0]?.entries.some(({ line }) => line === 'second') ? TOO_LONG : undefined,
    });
    await ship(delivery(EVENTS), props);
    expect(parked).to.deep.equal([['second', 'line_too_long', 'loki', 2]]);
    expect(ledger).to.include({ received: 2, stored: 1, parkedInAll: 1, owed: 0 });
  });

  it('does not send what its rules refuse, and parks it', async () => {
    const { lines, parked, ledger, props } = given();
    const old = { id: '0', timestamp: NOW - 3_600_001, message: 'old' };
    const young = { id: '9', timestamp: NOW + 60_001, message: 'new' };
    await ship(delivery([old, ...EVENTS, young]), props);
    expect(lines()).to.deep.equal(['first', 'second']);
    expect(parked).to.deep.equal([
      ['old', 'greater_than_max_sample_age', 'rules', 4],
      ['new', 'too_far_in_future', 'rules', 4],
    ]);
    expect(ledger).to.include({ received: 4, stored: 2, owed: 0 });
  });

  it('counts the parts of a line that it splits', async () => {
    const { lines, ledger, props } = given();
    await ship(delivery([{ ...LONG, message: 'x'.repeat(2_500_000) }]), props);
    expect(lines()).to.have.length(3);
    expect(ledger).to.include({ received: 1, partsAdded: 2, split: 1, stored: 3, owed: 0 });
  });

  it('fails when lines can be neither stored nor parked', async () => {
    const full = new Error('full');
    const { ledger, props } = given({ push: async () => TOO_LONG, parkOf: () => () => Promise.reject(full) });
    expect(await failure(ship(delivery(EVENTS), props))).to.equal(full);
    expect(ledger.owed).to.equal(2);
  });

  it('fails when the books do not balance, though nothing else failed', async () => {
    const { props } = given({ push: async () => TOO_LONG, parkOf: () => async () => undefined });
    expect(`${await failure(ship(delivery(EVENTS), props))}`).to.match(/^LinesOwed: 2 lines of the delivery/);
  });

  it('fails at the first push that fails, and counts what is owed, in batches that are not sent too', async () => {
    const away = new Error('away');
    let pushes = 0;
    const { ledger, props } = given({
      push: async () => {
        if (++pushes === 2) throw away;
        return undefined;
      },
    });
    expect(await failure(ship(delivery([LONG, LONG, LONG], [LONG]), props))).to.equal(away);
    expect(pushes).to.equal(2);
    expect(ledger).to.include({ received: 4, stored: 1, owed: 3 });
  });

  it('fails as the delivery turns out to be wrong, after what was right was sent', async () => {
    const wrong = new Error('wrong');
    const { lines, ledger, props } = given();
    async function* batches() {
      yield EVENTS;
      throw wrong;
    }
    expect(await failure(ship({ ...delivery(), batches: batches() }, props))).to.equal(wrong);
    expect(lines()).to.deep.equal(['first', 'second']);
    expect(ledger.stored).to.equal(2);
  });

  it('has as many pushes under way as it may', async () => {
    let running = 0;
    let most = 0;
    const { ledger, props } = given({
      parallelPushes: 3,
      push: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return undefined;
      },
    });
    await ship(delivery([LONG, LONG, LONG], [LONG, LONG]), props);
    expect([most, running, ledger.stored]).to.deep.equal([3, 0, 5]);
  });
});

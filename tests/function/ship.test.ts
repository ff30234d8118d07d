import { expect } from 'chai';
import type { Delivery } from '../../function/delivery/decode.ts';
import { type ShipProps, ship } from '../../function/ship.ts';
import { readPush } from './delivery/loki-push.ts';
import { failure } from './failure.ts';

const DELIVERY: Delivery = {
  owner: '123456789012',
  logGroup: '/aws/lambda/fun-checkout',
  logStream: 'a-stream',
  logEvents: [
    { id: '1', timestamp: 1_700_000_000_000, message: 'first' },
    { id: '2', timestamp: 1_700_000_000_001, message: 'second' },
  ],
};

describe('Shipping a delivery', () => {
  /** Tags, and a Loki, in memory. */
  function given(overrides: Partial<ShipProps> = {}) {
    const asked: string[] = [];
    const pushed: { readonly body: Uint8Array; readonly deadline: number }[] = [];
    const props: ShipProps = {
      region: 'eu-central-1',
      labels: { fromTags: ['owner'], static: {} },
      tagsOf: async (logGroup) => {
        asked.push(logGroup);
        return { owner: 'checkout', zone: 'a' };
      },
      push: async (body, deadline) => {
        pushed.push({ body, deadline });
      },
      deadline: 42,
      ...overrides,
    };
    return { asked, pushed, props };
  }

  it('stores its lines in order, in one stream, with the labels and metadata of its log group', async () => {
    const { asked, pushed, props } = given();
    await ship(DELIVERY, props);
    expect(asked).to.deep.equal([DELIVERY.logGroup]);
    expect(pushed.map(({ deadline }) => deadline)).to.deep.equal([42]);
    const { streams } = readPush(pushed[0]?.body ?? Buffer.alloc(0));
    expect(streams.map(({ labels }) => labels)).to.deep.equal([
      '{service_name="fun-checkout", log_group="/aws/lambda/fun-checkout", account_id="123456789012", region="eu-central-1", owner="checkout"}',
    ]);
    expect(streams[0]?.entries.map(({ line }) => line)).to.deep.equal(['first', 'second']);
    for (const entry of streams[0]?.entries ?? [])
      expect(entry.structuredMetadata).to.deep.equal([
        { name: 'log_stream', value: 'a-stream' },
        { name: 'zone', value: 'a' },
      ]);
  });

  it('asks nobody for anything when there are no lines', async () => {
    const { asked, pushed, props } = given();
    await ship({ ...DELIVERY, logEvents: [] }, props);
    expect([asked, pushed]).to.deep.equal([[], []]);
  });

  it('pushes nothing when the tags are not known', async () => {
    const denied = new Error('denied');
    const { pushed, props } = given({ tagsOf: () => Promise.reject(denied) });
    expect(await failure(ship(DELIVERY, props))).to.equal(denied);
    expect(pushed).to.deep.equal([]);
  });

  it('fails at the first push that fails', async () => {
    const refused = new Error('refused');
    let pushes = 0;
    const { props } = given({
      push: async () => {
        if (++pushes === 2) throw refused;
      },
    });
    const long = { id: '3', timestamp: 1_700_000_000_002, message: 'x'.repeat(700_000) };
    expect(await failure(ship({ ...DELIVERY, logEvents: [long, long, long] }, props))).to.equal(refused);
    expect(pushes).to.equal(2);
  });
});

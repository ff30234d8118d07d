import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parkIn } from '../../function/delivery/park.ts';
import { decodeParked } from '../../function/delivery/parked.ts';
import { LokiUnreachable, type Refusal } from '../../function/delivery/push.ts';
import { Ledger } from '../../function/ledger.ts';
import { type ReplayProps, replay } from '../../function/replay.ts';
import { ship } from '../../function/ship.ts';
import { Bucket } from '../support/bucket.ts';
import { type Entry, readPush } from './delivery/loki-push.ts';
import { failure } from './failure.ts';

const NOW = Date.UTC(2026, 0, 15, 8);
const GROUP = '/aws/lambda/fun-checkout';
const ORIGIN = { owner: '123456789012', logGroup: GROUP, logStream: 'a-stream' };
const EVENTS = ['first', 'second', 'third', 'fourth'].map((message, i) => ({
  id: `${i}`,
  timestamp: NOW + (i >> 1),
  message,
}));
const REFUSAL: Refusal = { kind: 'some', reason: 'too_far_behind', said: 'entry too far behind' };
const RECORD = 'aws/lambda/async/loki-shipper-shipper/2026/01/15/2026-01-15T08.00.00-0f1e';

describe('Replaying an object of the bucket', () => {
  /** A bucket and a Loki, in memory. `refused` are the lines that Loki does not take. */
  function given(overrides: Partial<ReplayProps> = {}) {
    const objects = new Bucket();
    const refused = new Set<string>();
    const stored: (Entry & { readonly labels: string })[] = [];
    const tags = { owner: 'checkout' };
    const props: ReplayProps = {
      region: 'eu-central-1',
      labels: { fromTags: ['owner'], static: {} },
      rules: { maxBytes: 2_000, tooLong: 'split', maxAgeMs: 3_600_000, maxAheadMs: 60_000, outOfRange: 'park' },
      parallelPushes: 2,
      tagsOf: async () => tags,
      push: async (body) => {
        for (const { labels, entries } of readPush(body).streams) {
          if (entries.some(({ line }) => refused.has(line))) return REFUSAL;
          stored.push(...entries.map((entry) => ({ ...entry, labels })));
        }
        return undefined;
      },
      parkOf: parkIn(objects),
      deadline: Number.POSITIVE_INFINITY,
      now: () => NOW,
      objects,
      ...overrides,
    };
    /** Parks these lines, and gives the key of their object. */
    const park = async (...lines: readonly string[]): Promise<string> => {
      for (const line of lines) refused.add(line);
      await ship({ ...ORIGIN, batches: [EVENTS] }, { ...props, ledger: new Ledger() });
      refused.clear();
      return [...objects.content.keys()].at(-1) ?? '';
    };
    /** Lambda's record of a delivery that failed. */
    const fail = (payload: unknown): string => {
      objects.content.set(RECORD, Buffer.from(JSON.stringify({ version: '1.0', requestPayload: payload })));
      return RECORD;
    };
    return { objects, refused, stored, tags, props, park, fail };
  }

  const delivery = (content: object = {}) => ({
    awslogs: {
      data: gzipSync(
        JSON.stringify({ messageType: 'DATA_MESSAGE', ...ORIGIN, logEvents: EVENTS, ...content }),
      ).toString('base64'),
    },
  });
  const lines = (stored: readonly Entry[]) => stored.map(({ line }) => line);

  it('stores parked lines under the labels of today, at the times that they would have had, and removes the object', async () => {
    const { objects, stored, tags, props, park } = given();
    const reference = given();
    await ship({ ...ORIGIN, batches: [EVENTS] }, { ...reference.props, ledger: new Ledger() });
    const key = await park('second', 'third');
    tags.owner = 'payments';
    stored.splice(0);
    const { bytes, ...result } = await replay({ key }, props);
    expect(result).to.deep.equal({ key, matched: true, lines: 2, stored: 2, refused: {}, error: null, blocked: false });
    expect(bytes).to.be.a('number');
    expect(stored.map(({ line, timestamp }) => [line, timestamp])).to.deep.equal(
      reference.stored.slice(1, 3).map(({ line, timestamp }) => [line, timestamp]),
    );
    for (const { labels } of stored) expect(labels).to.include('owner="payments"');
    expect(objects.content.size).to.equal(0);
  });

  it('keeps the lines that are refused again, and those only', async () => {
    const { objects, refused, stored, props, park } = given();
    const key = await park('second', 'third');
    stored.splice(0);
    refused.add('third');
    expect(await replay({ key }, props)).to.deep.include({
      lines: 2,
      stored: 1,
      refused: { too_far_behind: 1 },
      error: null,
    });
    expect(lines(stored)).to.deep.equal(['second']);
    expect(decodeParked(objects.content.get(key) ?? Buffer.alloc(0)).map(({ line }) => line)).to.deep.equal(['third']);
    refused.clear();
    await replay({ key }, props);
    expect(lines(stored)).to.deep.equal(['second', 'third']);
    expect(objects.content.size).to.equal(0);
  });

  it('applies the rules of today to parked lines', async () => {
    const { objects, stored, props, park } = given();
    const key = await park('second');
    stored.splice(0);
    const later = { ...props, now: () => NOW + 3_700_000 };
    expect(await replay({ key }, later)).to.deep.include({ refused: { greater_than_max_sample_age: 1 } });
    expect(objects.content.has(key)).to.equal(true);
    const clamp = { ...later, rules: { ...props.rules, outOfRange: 'clamp' as const } };
    expect(await replay({ key }, clamp)).to.deep.include({ stored: 1, refused: {} });
    expect(stored[0]?.structuredMetadata.map(({ name }) => name)).to.include('original_time');
  });

  it('keeps the object when a line is neither stored nor refused', async () => {
    const { objects, props, park } = given();
    const key = await park('second');
    const away = { ...props, push: () => Promise.reject(new Error('a bug')) };
    expect((await failure(replay({ key }, away))).message).to.equal('a bug');
    expect(objects.content.has(key)).to.equal(true);
  });

  it('says that Loki takes nothing, and keeps the object', async () => {
    const { objects, props, park } = given();
    const key = await park('second');
    const away = { ...props, push: () => Promise.reject(new LokiUnreachable('loki', 'ECONNREFUSED', 9)) };
    expect(await replay({ key }, away)).to.deep.include({
      stored: 0,
      error: 'Loki at loki is unreachable: ECONNREFUSED after 9 tries.',
      blocked: true,
    });
    expect(objects.content.has(key)).to.equal(true);
  });

  it("ships Lambda's record of a failed delivery, and removes it", async () => {
    const { objects, stored, props, fail } = given();
    expect(await replay({ key: fail(delivery()) }, props)).to.deep.include({ lines: 4, stored: 4, error: null });
    expect(lines(stored)).to.deep.equal(['first', 'second', 'third', 'fourth']);
    expect(objects.content.size).to.equal(0);
  });

  it('parks what Loki refuses of such a delivery, and removes the record', async () => {
    const { objects, refused, props, fail } = given();
    refused.add('first');
    expect(await replay({ key: fail(delivery()) }, props)).to.deep.include({
      stored: 3,
      refused: { too_far_behind: 1 },
    });
    const [key] = objects.content.keys();
    expect(key).to.match(/^parked\/2026\/01\/15\/aws\/lambda\/fun-checkout\/[0-9a-f]{32}\.ndjson\.gz$/);
    expect(objects.content.size).to.equal(1);
  });

  it('says what is wrong with an object that it cannot read, and keeps it', async () => {
    const { objects, props, fail } = given();
    for (const [payload, words] of [
      [{ awslogs: { data: 'secret words' } }, 'awslogs.data is not valid base64.'],
      [undefined, 'The event has no awslogs.data'],
    ] as const) {
      const { error, stored } = await replay({ key: fail(payload) }, props);
      expect(error).to.include(words).and.not.include('secret');
      expect(stored).to.equal(0);
    }
    objects.content.set(RECORD, Buffer.from('secret words'));
    expect((await replay({ key: RECORD }, props)).error).to.include('must be JSON with a requestPayload');
    objects.content.set('parked/x', Buffer.from('secret words'));
    expect((await replay({ key: 'parked/x' }, props)).error).to.include('does not hold parked lines');
    expect(objects.content.size).to.equal(2);
  });

  it('does nothing with an object that somebody else has replayed meanwhile', async () => {
    expect(await replay({ key: 'parked/x' }, given().props)).to.deep.include({ matched: false, lines: 0, error: null });
  });

  for (const [filter, matched] of [
    [{ group: '/aws/lambda/fun-*' }, true],
    [{ group: '/aws/lambda/fun' }, false],
    [{ from: '2026-01-15T08:00:00.001Z' }, true],
    [{ from: '2026-01-15T08:00:00.002Z' }, false],
    [{ to: '2026-01-15T08:00:00Z' }, false],
    [{ to: '2026-01-15T08:00:00.002Z' }, true],
  ] as const)
    it(`${matched ? 'takes' : 'leaves'} what ${JSON.stringify(filter)} ${matched ? 'selects' : 'does not select'}`, async () => {
      const { objects, stored, props, park, fail } = given();
      const key = await park('second', 'third');
      stored.splice(0);
      for (const one of [key, fail(delivery())])
        expect((await replay({ key: one, filter }, props)).matched).to.equal(matched);
      expect([stored.length > 0, objects.content.size]).to.deep.equal([matched, matched ? 0 : 2]);
    });

  it('selects by reason', async () => {
    const { props, park, fail } = given();
    const key = await park('second');
    const record = fail(delivery());
    const matched = async (key: string, reason: string) =>
      (await replay({ key, filter: { reason }, dryRun: true }, props)).matched;
    expect(await matched(key, 'too_far_behind')).to.equal(true);
    expect(await matched(key, 'failed_delivery')).to.equal(false);
    expect(await matched(record, 'too_far_behind')).to.equal(false);
    expect(await matched(record, 'failed_delivery')).to.equal(true);
  });

  it('only counts when it is a dry run', async () => {
    const { objects, stored, props, park, fail } = given();
    const keys = [await park('second', 'third'), fail(delivery())];
    stored.splice(0);
    const counts = [];
    for (const key of keys) counts.push((await replay({ key, dryRun: true }, props)).lines);
    expect(counts).to.deep.equal([2, 4]);
    expect([stored, objects.content.size]).to.deep.equal([[], 2]);
  });
});

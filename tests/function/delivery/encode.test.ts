import { expect } from 'chai';
import fc from 'fast-check';
import snappy from 'snappy';
import type { LogEvent } from '../../../function/delivery/decode.ts';
import { encodePushes, type Stream } from '../../../function/delivery/encode.ts';
import type { Metadata } from '../../../function/delivery/entries.ts';
import { EntryTime } from '../../../function/delivery/timestamps.ts';
import { entriesOf } from '../../support/entries.ts';
import { type Entry, type Push, readPush, uncompress, writePush } from './loki-push.ts';
import { anyText, asUtf8, repeatedText } from './text.ts';

const STREAM: Stream = { labels: '{service_name="fun"}', metadata: [['log_stream', '2026/01/15/[$LATEST]0f1e']] };

function events(...messages: string[]): LogEvent[] {
  return messages.map((message, i) => ({ id: `${i}`, timestamp: 1_700_000_000_000 + i, message }));
}

type Own = ReadonlyMap<LogEvent, Metadata>;

/** The entries that Loki is to store, in order. */
function expected({ metadata }: Stream, events: readonly LogEvent[], own: Own = new Map()): Entry[] {
  const { offsets } = entriesOf(events);
  const time = new EntryTime();
  return events.map((event, i) => {
    const { seconds, nanos } = time.set(event.timestamp, offsets[i] ?? Number.NaN);
    const pairs = [...metadata, ...(own.get(event) ?? [])];
    return {
      timestamp: { seconds, nanos },
      line: asUtf8(event.message),
      structuredMetadata: pairs.map(([name, value]) => ({ name: asUtf8(name), value: asUtf8(value) })),
    };
  });
}

/** The bodies of the pushes of these events. */
function bodiesOf(stream: Stream, events: readonly LogEvent[], maxBytes?: number): Buffer[] {
  return Array.from(encodePushes(stream, entriesOf(events), maxBytes), ({ body }) => body);
}

function push(stream: Stream, entries: readonly Entry[]): Push {
  return { streams: [{ labels: asUtf8(stream.labels), entries }] };
}

/** Asserts that the bodies are, byte for byte, what protobufjs and snappy make of the same entries, cut at `maxBytes`. */
function expectAsReference(stream: Stream, events: readonly LogEvent[], maxBytes?: number, own?: Own): void {
  const all = expected(stream, events, own);
  const limit = maxBytes ?? 1024 * 1024;
  let next = 0;
  for (const { body, entries } of encodePushes(stream, entriesOf(events, own), maxBytes)) {
    const bytes = uncompress(body);
    const count = readPush(body).streams[0]?.entries.length ?? 0;
    expect(count).to.be.above(0);
    expect(entries.events).to.deep.equal(events.slice(next, next + count));
    expect(entries.offsets).to.deep.equal(entriesOf(events).offsets.slice(next, next + count));
    const mine = all.slice(next, next + count);
    expect(bytes.equals(writePush(push(stream, mine))), `entries ${next} to ${next + count}`).to.equal(true);
    expect(body.equals(snappy.compressSync(bytes)), `body of entries ${next} to ${next + count}`).to.equal(true);
    if (count > 1) expect(bytes.length).to.be.at.most(limit);
    next += count;
    if (next < all.length)
      expect(writePush(push(stream, all.slice(next - count, next + 1))).length + ENOUGH).to.be.above(limit);
  }
  expect(next).to.equal(all.length);
}

/** A push is closed when less than this is left: the largest head of an entry and of the request. */
const ENOUGH = 40;

describe('Encoding pushes', function () {
  this.timeout(60_000);

  const stream = fc.record({
    labels: anyText(300),
    metadata: fc.array(fc.tuple(anyText(30), anyText(200)), { maxLength: 5 }),
  });
  const timestamp = fc.oneof(
    fc.constantFrom(0, 999, 1_000),
    fc.integer({ min: 1.7e12, max: 1.7e12 + 5 }),
    fc.maxSafeNat(),
  );
  const id = fc.oneof(fc.stringMatching(/^[0-9]{56}$/), fc.constantFrom('', '0'), fc.string());

  it('equals protobufjs and snappy, byte for byte, for generated lines', () => {
    const event = fc.record({ id, timestamp, message: anyText(400) });
    fc.assert(
      fc.property(stream, fc.array(event, { maxLength: 40 }), (...args) => expectAsReference(...args)),
      {
        numRuns: 300,
      },
    );
  });

  it('equals them wherever a push is cut', () => {
    const event = fc.record({ id, timestamp, message: fc.oneof(anyText(100), repeatedText(2_000)) });
    fc.assert(
      fc.property(stream, fc.array(event, { maxLength: 60 }), fc.integer({ min: 1, max: 5_000 }), (...args) =>
        expectAsReference(...args),
      ),
      { numRuns: 200 },
    );
  });

  it('equals them for entries with structured metadata of their own', () => {
    const event = fc.record({ id, timestamp, message: anyText(100) });
    const metadata = fc.array(fc.tuple(anyText(30), anyText(200)), { maxLength: 3 });
    const some = fc.array(fc.tuple(event, fc.option(metadata)), { maxLength: 30 });
    fc.assert(
      fc.property(stream, some, fc.integer({ min: 1, max: 5_000 }), (stream, some, maxBytes) => {
        const own = new Map(some.flatMap(([event, metadata]) => (metadata ? [[event, metadata]] : [])));
        const events = some.map(([event]) => event);
        expectAsReference(stream, events, maxBytes, own);
      }),
    );
  });

  it('equals them for lines of up to 1.5 MB', () => {
    const event = fc.record({ id, timestamp, message: fc.oneof(repeatedText(1_500_000), repeatedText(70_000)) });
    fc.assert(
      fc.property(stream, fc.array(event, { maxLength: 8 }), (...args) => expectAsReference(...args)),
      {
        numRuns: 25,
      },
    );
  });

  it('equals them around the lengths at which the head of a line grows', () => {
    for (const length of [0, 1, 42, 43, 60, 90, 127, 128, 129, 5_461, 16_300, 16_383, 16_384])
      for (const character of ['x', 'é', '€', '\ud800'])
        expectAsReference(STREAM, events(character.repeat(length), 'next', character.repeat(length)));
  });

  it('equals them for lines longer than a push', () => {
    for (const length of [1_048_575, 2_097_151, 2_097_152])
      expectAsReference(STREAM, events('x'.repeat(length), 'next'));
  });

  it('makes no push of no events', () => {
    expect(bodiesOf(STREAM, [])).to.deep.equal([]);
  });

  it('writes half of a surrogate pair as U+FFFD', () => {
    const [body] = bodiesOf(STREAM, events('a\ud83db'));
    expect(readPush(body ?? Buffer.alloc(0)).streams[0]?.entries[0]?.line).to.equal('a\ufffdb');
  });

  it('keeps an empty line', () => {
    const [body] = bodiesOf(STREAM, events(''));
    expect(readPush(body ?? Buffer.alloc(0)).streams[0]?.entries.map(({ line }) => line)).to.deep.equal(['']);
  });

  it('sends an entry that is larger than a push alone', () => {
    const bodies = bodiesOf(STREAM, events('a', 'b'.repeat(2_000_000), 'c', 'd'));
    const lines = bodies.map((body) => readPush(body).streams[0]?.entries.map(({ line }) => line[0]));
    expect(lines).to.deep.equal([['a'], ['b'], ['c', 'd']]);
  });

  it('keeps deliveries apart that are encoded at the same time', () => {
    const one = encodePushes(STREAM, entriesOf(events('one', '1', '11')), 1);
    const two = encodePushes({ ...STREAM, labels: '{service_name="other"}' }, entriesOf(events('two', '2', '22')), 1);
    const bodies = [0, 1, 2].flatMap(() => [one.next().value?.body, two.next().value?.body]);
    const seen = bodies.map((body) =>
      readPush(body ?? Buffer.alloc(0))
        .streams.map((s) => `${s.labels} ${s.entries[0]?.line}`)
        .join(),
    );
    expect(seen).to.deep.equal([
      '{service_name="fun"} one',
      '{service_name="other"} two',
      '{service_name="fun"} 1',
      '{service_name="other"} 2',
      '{service_name="fun"} 11',
      '{service_name="other"} 22',
    ]);
  });

  it('gives the same bytes for the same delivery', () => {
    const delivery = events('a', 'b', 'c');
    expect(bodiesOf(STREAM, delivery)).to.deep.equal(bodiesOf(STREAM, delivery));
  });
});

import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  decodeParked,
  encodeParked,
  InvalidParked,
  type ParkedLine,
  parkedKey,
  readParkedKey,
} from '../../../function/delivery/parked.ts';

const LINE: ParkedLine = {
  account: '123456789012',
  logGroup: '/aws/lambda/x',
  logStream: '2026/11/23/[$LATEST]s',
  eventId: '38719876543210',
  seconds: Date.parse('2026-11-23T03:12:01Z') / 1000,
  nanos: 123_456_789,
  line: 'a line with "quotes",\nend of line and \u2028',
  reason: 'too_far_behind',
  said: "entry for stream '{}' has timestamp too far behind",
};

const ORIGIN = {
  account: '123456789012',
  logGroup: '/aws/lambda/x',
  logStream: 's',
  by: 'loki',
  first: '1',
  last: '9',
  count: 9,
} as const;
const TIME = Date.parse('2026-11-23T23:59:59.999Z');

const problemOf = (body: Buffer): string => {
  try {
    decodeParked(body);
  } catch (error) {
    if (error instanceof InvalidParked) return error.message;
    throw error;
  }
  throw new Error('It is taken.');
};
const gzipLines = (...lines: readonly unknown[]) =>
  gzipSync(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
const JSON_LINE = JSON.parse(gunzipSync(encodeParked([LINE], '0.1.0')).toString());

describe('Parked lines', () => {
  it('are gzip of a JSON object a line', () => {
    const { account, logGroup, logStream, eventId, line, reason, said } = LINE;
    const time = '2026-11-23T03:12:01.123456789Z';
    const json = JSON.stringify({ account, logGroup, logStream, eventId, time, line, reason, said, version: '0.1.0' });
    expect(gunzipSync(encodeParked([LINE, LINE], '0.1.0')).toString()).to.equal(`${json}\n${json}\n`);
  });

  it('are read as they were written, to the nanosecond', () => {
    const text = fc.string({ unit: 'binary' });
    const line = fc.record({
      eventId: text,
      seconds: fc.integer({ min: 0, max: 400_000_000_000 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
      // Halves of surrogate pairs too: JSON escapes them.
      line: fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      reason: text,
      said: text,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), text, text, text, (some, account, group, stream) => {
        const lines = some.map((line) => ({ ...line, account, logGroup: group, logStream: stream }));
        expect(decodeParked(encodeParked(lines, '0.1.0'))).to.deep.equal(lines);
      }),
    );
  });

  it('may have fields that a later version adds', () => {
    expect(decodeParked(gzipLines({ ...JSON_LINE, more: 1 }))).to.deep.equal([LINE]);
  });

  const INVALID: Readonly<Record<string, readonly [body: Buffer, problem: RegExp]>> = {
    'no gzip': [Buffer.from('secret'), /is not valid gzip .*\(Z_DATA_ERROR\)/],
    'gzip that is cut': [encodeParked([LINE], '').subarray(0, -12), /is not valid gzip .*\(Z_BUF_ERROR\)/],
    'a gzip bomb': [gzipSync(Buffer.alloc(65 * 1024 * 1024)), /is not valid gzip .*\(ERR_BUFFER_TOO_LARGE\)/],
    nothing: [gzipSync(''), /it is empty/],
    'a line without end': [gzipSync(JSON.stringify(JSON_LINE)), /its last line does not end/],
    'what is not JSON': [gzipLines(JSON_LINE, 'secret'), /line 2 is not a JSON object/],
    'a list': [gzipLines([JSON_LINE]), /line 1 is not a JSON object/],
    'a line without text': [gzipLines({ ...JSON_LINE, line: undefined }), /line 1 has no text line/],
    'a number for an account': [gzipLines({ ...JSON_LINE, account: 123456789012 }), /line 1 has no text account/],
    'two log streams': [gzipLines(JSON_LINE, { ...JSON_LINE, logStream: 'secret' }), /line 2 is of another log stream/],
  };
  for (const [what, [body, problem]] of Object.entries(INVALID))
    it(`cannot be ${what}, and that is said without a word of it`, () => {
      expect(problemOf(body))
        .to.match(problem)
        .and.match(/^The object does not hold parked lines: .*\.$/)
        .and.not.include('secret');
    });

  for (const time of [
    '2026-11-23T03:12:01.123Z',
    '2026-11-23T03:12:01.123456789',
    '2026-11-23T03:12:01.123456789+01:00',
    '2026-02-30T03:12:01.123456789Z',
    '2026-11-23T03:12:01.5.123456789Z',
    'secret',
  ])
    it(`cannot have the time ${time}`, () => {
      expect(problemOf(gzipLines({ ...JSON_LINE, time }))).to.match(/time of line 1 is not in UTC with nanoseconds/);
    });
});

describe('The key of parked lines', () => {
  it('is of the day and the log group', () => {
    expect(parkedKey(ORIGIN, TIME)).to.match(/^parked\/2026\/11\/23\/aws\/lambda\/x\/[0-9a-f]{32}\.ndjson\.gz$/);
    expect(parkedKey({ ...ORIGIN, logGroup: 'plain' }, TIME + 1)).to.match(
      /^parked\/2026\/11\/24\/plain\/[0-9a-f]{32}/,
    );
  });

  it('is the same for a repeated invocation, and another for any other lines', () => {
    const others = [
      { account: '2' },
      { logGroup: 'aws/lambda/x' },
      { logStream: 't' },
      { by: 'rules' as const },
      { first: '2' },
      { last: '8' },
      { count: 8 },
      { logStream: 's","loki' },
    ].map((other) => parkedKey({ ...ORIGIN, ...other }, TIME));
    expect(new Set([...others, parkedKey(ORIGIN, TIME), parkedKey({ ...ORIGIN }, TIME)]).size).to.equal(9);
  });

  it('says day and group', () => {
    expect(readParkedKey(parkedKey(ORIGIN, TIME))).to.deep.equal({
      day: '2026/11/23',
      groupWithoutSlash: 'aws/lambda/x',
    });
    for (const key of ['parked/2026/11/23/x.ndjson.gz', 'parked/notes.txt', 'aws/lambda/async/f/2026/11/23/x'])
      expect(readParkedKey(key), key).to.equal(undefined);
  });
});

import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { selfSigned } from '../function/delivery/certificate.ts';
import { type ScriptedLoki, type Step, startScriptedLoki } from '../support/scripted-loki.ts';
import { type Event, expectNothingLost, type Judge, Scene, SECRET, STORED } from './scene.ts';

/** A delivery of about eight pushes, which is large enough to be read in parts. */
const EVENTS: readonly Event[] = Array.from({ length: 25 }, (_, i) => ({
  id: `${1_000_000 + i}`,
  timestamp: Date.now() - 1_000 + i,
  message: `${SECRET} ${i} ${'x'.repeat(200_000)}`,
}));
/** In which push the line is that Loki has something against. */
const POSITIONS = { first: 0, middle: 12, last: 24 } as const;

const STREAM = '{service_name="fun-checkout", log_group="/aws/lambda/fun-checkout"}';
const behind = (ignored: number, of: number) =>
  `entry with timestamp 2026-01-15 06:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-01-15T06:00:00Z, oldest acceptable timestamp is: 2026-01-15T07:00:00Z',\nuser 'fake', total ignored: ${ignored} out of ${of} for stream: ${STREAM}`;

interface Row {
  readonly status: number;
  readonly body: string;
}

/** Loki's answers, in the words of version 3.7.6: of one entry, while it stores the others. */
const OF_AN_ENTRY: Readonly<Record<string, Row>> = {
  greater_than_max_sample_age: {
    status: 400,
    body: `entry for stream '${STREAM}' has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-01-08T00:00:00Z`,
  },
  too_far_in_future: { status: 400, body: `entry for stream '${STREAM}' has timestamp too new: 2027-01-01T00:00:00Z` },
  line_too_long: {
    status: 400,
    body: `max entry size '1000' bytes exceeded for stream '${STREAM}' while adding an entry with length '200000' bytes`,
  },
  too_far_behind: { status: 400, body: behind(1, 4) },
};

/** Of a whole push, of which it stores nothing, because of one entry in it. */
const OF_A_PUSH: Readonly<Record<string, Row>> = {
  'an unknown 400': { status: 400, body: '<html>Bad Request</html>' },
  'snappy: corrupt input': { status: 400, body: 'snappy: corrupt input' },
  'unexpected EOF': { status: 400, body: 'unexpected EOF' },
  'compressed message size': { status: 400, body: 'compressed message size 200000000 exceeds limit 104857600' },
  'decompressed message size': { status: 400, body: 'decompressed message size too large than max (10 vs 5)' },
  '413 of Loki': { status: 413, body: 'request body too large: message size too large than max (6 vs 5)' },
  '413 of a proxy': { status: 413, body: '<html>Request Entity Too Large</html>' },
  '422': { status: 422, body: 'error at least one valid stream is required for ingestion' },
  'gRPC message': {
    status: 500,
    body: 'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5000000 vs. 4194304)',
  },
};

const OF_THE_LABELS: Readonly<Record<string, Row>> = {
  max_label_names_per_series: { status: 400, body: `entry for stream '${STREAM}' has 16 label names; limit 15` },
  label_name_too_long: { status: 400, body: `stream '${STREAM}' has label name too long: 'x'` },
  label_value_too_long: { status: 400, body: `stream '${STREAM}' has label value too long: 'x'` },
  duplicate_label_names: { status: 400, body: `stream '${STREAM}' has duplicate label name: 'x'` },
  missing_labels: { status: 400, body: 'error at least one label pair is required per stream' },
  missing_enforced_labels: {
    status: 400,
    body: `missing required labels 'env' for user 'fake' for stream '${STREAM}' (policy: '')`,
  },
  invalid_labels: { status: 400, body: `couldn't parse labels: 1:2: parse error: unexpected "-" in label set` },
};

const OF_THE_METADATA: Readonly<Record<string, Row>> = {
  structured_metadata_too_large: {
    status: 400,
    body: `stream '${STREAM}' has structured metadata too large: '70000' bytes, limit: '65536' bytes. Please see`,
  },
  structured_metadata_too_many: {
    status: 400,
    body: `4 errors like: stream '${STREAM}' has too many structured metadata labels: '129', limit: '128'. Please see`,
  },
  disallowed_structured_metadata: {
    status: 400,
    body: `stream '${STREAM}' includes structured metadata, but this feature is disallowed. Please see`,
  },
  'an empty name': { status: 500, body: 'label name is empty' },
  'a name of underscores': {
    status: 500,
    body: 'normalization for label name "-" resulted in invalid name "_"',
  },
};

const PASSING: Readonly<Record<string, Step>> = {
  '408': { status: 408 },
  '429 of the request': {
    status: 429,
    body: "ingestion rate limit exceeded for user fake (limit: 4194304 bytes/sec) while attempting to ingest '4' lines totaling '800000' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased",
  },
  '429 of the stream': {
    status: 429,
    body: `entry with timestamp 2026-01-15 06:00:00 +0000 UTC ignored, reason: 'Per stream rate limit exceeded (limit: 3MB/sec) while attempting to ingest for stream '${STREAM}' totaling 4MB, consider splitting a stream',\nuser 'fake', total ignored: 4 out of 4 for stream: ${STREAM}`,
  },
  '500 of an ingester that shuts down': {
    status: 500,
    body: 'rpc error: code = Unknown desc = Ingester is shutting down',
  },
  '500 of an empty ring': { status: 500, body: 'empty ring' },
  '500 without replicas': {
    status: 500,
    body: 'at least 1 live replicas required, could only find 0 - unhealthy instances: 127.0.0.1:9095',
  },
  '502': { status: 502 },
  '503': { status: 503, body: 'circuit breaker open, request denied' },
  '503 that says when': { status: 503, headers: { 'Retry-After': '1' } },
  '504': { status: 504 },
  'a slow 503': { status: 503, body: 'x'.repeat(500), slowly: true },
  'a reset': 'reset',
  'half a status line': 'half a status',
  'half the headers': 'half the headers',
  'half an answer': 'break off',
};

const FINAL: Readonly<Record<string, readonly [step: Step, words: RegExp]>> = {
  '260': [
    { status: 260, body: "ingestion blocked for user 'fake' until '2026-01-16T00:00:00Z' with status code '260'" },
    /^PushFailed: .* status 260: ingestion blocked/,
  ],
  '301': [{ status: 301, headers: { Location: 'https://elsewhere' } }, /status 301: redirects are not followed/],
  '401': [{ status: 401, body: 'no org id' }, /status 401 after 2 tries: no org id\.$/],
  '403': [{ status: 403 }, /status 403 after 2 tries\.$/],
  '404': [{ status: 404, body: 'page not found' }, /status 404: page not found\.$/],
  '429 of the number of streams': [
    { status: 429, body: `maximum active stream limit exceeded when trying to create stream ${STREAM}, reduce` },
    /status 429: maximum active stream limit exceeded/,
  ],
  'what is not HTTP': ['garbage', /^LokiUnreachable: .*HPE_INVALID_CONSTANT\.$/],
};

describe('Nothing is lost when Loki', function () {
  this.timeout(30_000);
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.start();
  });
  afterEach(() => scene.stop());

  for (const [position, index] of Object.entries(POSITIONS)) {
    const guilty = EVENTS[index]?.message ?? '';
    const isGuilty = (lines: readonly string[]) => lines.includes(guilty);

    describe(`has something against the ${position} push:`, () => {
      for (const [reason, step] of Object.entries(OF_AN_ENTRY))
        it(`${reason} parks the entry, and nothing else`, async () => {
          const judge: Judge = (lines) => (isGuilty(lines) ? { step, stores: (line) => line !== guilty } : STORED);
          const outcome = await scene.run(EVENTS, judge);
          expectNothingLost(EVENTS, outcome, true);
          expect(outcome.error).to.equal(undefined);
          expect(outcome.parked.map(({ line, reason }) => [line.slice(0, 20), reason])).to.deep.equal([
            [guilty.slice(0, 20), reason],
          ]);
          expect(outcome.stored.has(guilty)).to.equal(false);
          expect(outcome.parked[0]?.said).to.have.length.within(10, 200);
        });

      for (const [what, step] of Object.entries(OF_A_PUSH))
        it(`${what} parks the entry, and nothing else`, async () => {
          const outcome = await scene.run(EVENTS, (lines) => (isGuilty(lines) ? { step } : STORED));
          expectNothingLost(EVENTS, outcome);
          expect(outcome.error).to.equal(undefined);
          expect(outcome.parked.map(({ line }) => line === guilty)).to.deep.equal([true]);
        });

      for (const [reason, step] of Object.entries(OF_THE_LABELS))
        it(`${reason} parks the push, without asking again`, async () => {
          const outcome = await scene.run(EVENTS, (lines) => (isGuilty(lines) ? { step } : STORED));
          expectNothingLost(EVENTS, outcome);
          expect(outcome.error).to.equal(undefined);
          expect(outcome.record.parked).to.have.all.keys(reason);
          expect(outcome.parked.some(({ line }) => line === guilty)).to.equal(true);
          expect(outcome.requests).to.equal(outcome.record.Pushes);
        });

      for (const [what, step] of Object.entries(OF_THE_METADATA))
        it(`${what} stores the push without structured metadata`, async () => {
          const outcome = await scene.run(EVENTS, (lines, earlier) =>
            isGuilty(lines) && earlier === 0 ? { step } : STORED,
          );
          expectNothingLost(EVENTS, outcome);
          expect(outcome.record).to.include({ EntriesStored: 25 });
          expect(outcome.record.MetadataDropped).to.be.within(1, 6);
        });

      for (const [what, step] of Object.entries(PASSING))
        it(`${what} is tried again`, async () => {
          const outcome = await scene.run(EVENTS, (lines, earlier) =>
            isGuilty(lines) && earlier < 2 ? { step } : STORED,
          );
          expectNothingLost(EVENTS, outcome);
          expect(outcome.record).to.include({ EntriesStored: 25 });
          expect(outcome.record.PushRetries).to.be.within(1, 2);
        });

      it('an answer that is lost after the lines were stored is tried again: Loki gets them twice', async () => {
        const outcome = await scene.run(EVENTS, (lines, earlier) =>
          isGuilty(lines) && earlier < 1 ? { step: 'reset', stores: () => true } : STORED,
        );
        expectNothingLost(EVENTS, outcome, true);
        expect(outcome.error).to.equal(undefined);
        expect(outcome.stored.get(guilty)).to.equal(2);
      });

      for (const [what, [step, words]] of Object.entries(FINAL))
        it(`${what} fails at once, says why, and owes the lines`, async () => {
          const outcome = await scene.run(EVENTS, (lines) => (isGuilty(lines) ? { step } : STORED));
          expectNothingLost(EVENTS, outcome);
          expect(`${outcome.error}`).to.match(words);
          expect(outcome.stored.has(guilty)).to.equal(false);
        });

      for (const step of ['stall', 'stall in the answer'] as const)
        it(`a ${step} ends before the invocation does, and owes the lines`, async () => {
          const start = Date.now();
          const outcome = await scene.run(EVENTS, (lines) => (isGuilty(lines) ? { step } : STORED), {
            remainingMs: 3_500,
          });
          expect(Date.now() - start).to.be.below(3_500);
          expectNothingLost(EVENTS, outcome);
          expect(outcome.error).to.include({ name: 'LokiUnreachable' });
        });
    });
  }

  describe('refuses entries among many:', () => {
    const MANY: readonly Event[] = Array.from({ length: 4_000 }, (_, i) => ({
      id: `${1_000_000 + i}`,
      timestamp: Date.now() - 5_000 + i,
      message: `${SECRET} ${i}`,
    }));
    const lineOf = (i: number) => MANY[i]?.message ?? '';
    const whole = { status: 400, body: 'unexpected EOF' };

    it('one costs two pushes a halving', async () => {
      const outcome = await scene.run(MANY, (lines) => (lines.includes(lineOf(2_345)) ? { step: whole } : STORED));
      expectNothingLost(MANY, outcome);
      expect(outcome.parked.map(({ line }) => line)).to.deep.equal([lineOf(2_345)]);
      expect(outcome.requests).to.be.at.most(1 + 2 * 12 + 4);
    });

    it('several are found, and the others stored', async () => {
      const guilty = [0, 1, 777, 2_000, 3_999].map(lineOf);
      const outcome = await scene.run(MANY, (lines) =>
        lines.some((line) => guilty.includes(line)) ? { step: whole } : STORED,
      );
      expectNothingLost(MANY, outcome);
      expect(outcome.parked.map(({ line }) => line)).to.have.members(guilty);
    });

    it('all of them, told as all, cost one push', async () => {
      const step = { status: 400, body: behind(4_000, 4_000) };
      const outcome = await scene.run(MANY, () => ({ step }));
      expectNothingLost(MANY, outcome);
      expect([outcome.parked.length, outcome.requests]).to.deep.equal([4_000, 1]);
    });

    it('all of them, without a word of it, are given up and parked', async () => {
      const outcome = await scene.run(MANY, () => ({ step: whole }));
      expectNothingLost(MANY, outcome);
      expect(outcome.parked).to.have.length(4_000);
      expect(outcome.requests).to.be.at.most(40);
    });

    it('and the time runs out: what is not resolved is parked too', async () => {
      const guilty = Array.from({ length: 500 }, (_, i) => lineOf(i * 8));
      const step = { status: 400, body: OF_AN_ENTRY.line_too_long?.body ?? '', slowly: true };
      const isGuilty = (line: string) => guilty.includes(line);
      const start = Date.now();
      const outcome = await scene.run(
        MANY,
        (lines) => (lines.some(isGuilty) ? { step, stores: (line) => !isGuilty(line) } : STORED),
        { remainingMs: 4_000 },
      );
      expect(Date.now() - start).to.be.below(4_000);
      expectNothingLost(MANY, outcome, true);
      expect(outcome.error).to.equal(undefined);
    });

    it('and the bucket cannot be written: the invocation fails', async () => {
      for (let i = 0; i < 3; i++) scene.aws.failNext('PutObject', 'AccessDenied');
      const outcome = await scene.run(MANY, (lines) => (lines.includes(lineOf(5)) ? { step: whole } : STORED));
      expectNothingLost(MANY, outcome);
      expect(`${outcome.error}`).to.match(/^StorageFailed: s3:PutObject failed with AccessDenied/);
      expect(outcome.record.EntriesOwed).to.equal(1);
    });

    it('and the delivery is repeated: it parks to the same object', async () => {
      const keys: string[] = [];
      for (let i = 0; i < 2; i++) {
        await scene.run(MANY, (lines) => (lines.includes(lineOf(5)) ? { step: whole } : STORED));
        keys.push(...scene.aws.objects.keys());
      }
      expect(keys).to.have.length(2);
      expect(keys[0]).to.equal(keys[1]);
    });
  });

  describe('cannot be spoken to over TLS:', () => {
    const lokis: ScriptedLoki[] = [];
    const servers: Server[] = [];
    afterEach(async () => {
      await Promise.all(lokis.splice(0).map((loki) => loki.stop()));
      for (const server of servers.splice(0)) server.close();
    });

    async function listen(serve: (socket: Socket) => void): Promise<string> {
      const server = createServer(serve);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      return `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    }

    it('a certificate that nobody vouches for fails at once', async () => {
      const loki = await startScriptedLoki([], selfSigned());
      lokis.push(loki);
      const outcome = await scene.run(EVENTS, () => STORED, { url: loki.url });
      expectNothingLost(EVENTS, outcome);
      expect(`${outcome.error}`).to.match(/is unreachable: DEPTH_ZERO_SELF_SIGNED_CERT\.$/);
      expect(loki.seen).to.be.empty;
    });

    it('plain HTTP behind https fails at once', async () => {
      const loki = await startScriptedLoki();
      lokis.push(loki);
      const outcome = await scene.run(EVENTS, () => STORED, { url: loki.url.replace('http:', 'https:') });
      expectNothingLost(EVENTS, outcome);
      expect(`${outcome.error}`).to.match(/^LokiUnreachable: .* is unreachable: [A-Z_]+\.$/);
    });

    it('a handshake that breaks off is tried again until the time is over', async () => {
      let connections = 0;
      const url = await listen((socket) => {
        connections++;
        socket.on('error', () => undefined);
        socket.once('data', () => socket.destroy());
      });
      const outcome = await scene.run(EVENTS, () => STORED, { url, remainingMs: 3_000 });
      expectNothingLost(EVENTS, outcome);
      expect(`${outcome.error}`).to.match(/is unreachable: ECONNRESET after \d+ tries\.$/);
      expect(connections).to.be.above(1);
    });
  });
});

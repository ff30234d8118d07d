import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  createPusher,
  LokiUnreachable,
  type PusherProps,
  PushFailed,
  type Refusal,
} from '../../../function/delivery/push.ts';
import { Ledger } from '../../../function/ledger.ts';
import { type Script, type ScriptedLoki, startScriptedLoki } from '../../support/scripted-loki.ts';
import { selfSigned } from './certificate.ts';

const BODY = Buffer.from('a push');

function limits(inMs = 10_000, ledger = new Ledger()) {
  return { count: 9, deadline: Date.now() + inMs, ledger };
}

describe('Pushing to Loki', function () {
  this.timeout(10_000);

  const started: ScriptedLoki[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((loki) => loki.stop()));
  });

  /** A fake Loki, and a pusher to it that does not really wait: `waits` are the milliseconds that it wanted to. */
  async function given(script: Script, props: Partial<PusherProps> = {}) {
    const loki = await startScriptedLoki(script);
    started.push(loki);
    const waits: number[] = [];
    const asked: boolean[] = [];
    const push = createPusher({
      url: loki.url,
      headers: async (refresh) => {
        asked.push(refresh);
        return { Authorization: refresh ? 'Bearer new' : 'Bearer old' };
      },
      random: () => 1,
      delay: async (ms) => waits.push(ms),
      ...props,
    });
    const ledger = new Ledger();
    return { loki, waits, asked, ledger, push: (inMs = 10_000) => push(BODY, limits(inMs, ledger)) };
  }

  /** What the promise fails with. */
  async function failure(promise: Promise<Refusal | undefined>): Promise<PushFailed | LokiUnreachable> {
    const error: unknown = await promise.then(() => undefined).catch((error: unknown) => error);
    if (error instanceof PushFailed || error instanceof LokiUnreachable) return error;
    throw new Error(`Expected a failing or unreachable Loki, got ${error}`);
  }

  for (const status of [200, 204])
    it(`is done at status ${status}`, async () => {
      const { loki, push } = await given([{ status }]);
      await push();
      expect(loki.seen).to.have.length(1);
    });

  it('sends the body, the given headers, its own and the length', async () => {
    const { loki, push } = await given([]);
    await push();
    const [request] = loki.seen;
    expect(request?.method).to.equal('POST');
    expect(request?.path).to.equal('/loki/api/v1/push');
    expect(request?.body.equals(BODY)).to.equal(true);
    expect(request?.headers).to.include({
      authorization: 'Bearer old',
      'content-type': 'application/x-protobuf',
      'content-length': `${BODY.length}`,
      'user-agent': 'loki-shipper',
    });
  });

  it('keeps the path of the URL', async () => {
    const { loki } = await given([]);
    await createPusher({ url: `${loki.url}/logs`, headers: async () => ({}) })(BODY, limits());
    expect(loki.seen[0]?.path).to.equal('/logs/loki/api/v1/push');
  });

  it('uses one connection for many pushes', async () => {
    const { loki, push } = await given([{ status: 204 }, { status: 503, body: 'busy' }, { status: 429, body: 'slow' }]);
    for (let i = 0; i < 5; i++) await push();
    expect(loki.seen.map(({ connection }) => connection)).to.deep.equal([1, 1, 1, 1, 1, 1, 1]);
  });

  for (const step of [
    { status: 429 },
    { status: 500 },
    { status: 503 },
    'reset',
    'reset early',
    'half a status',
    'half the headers',
    'break off',
  ] as const)
    it(`tries again after ${typeof step === 'string' ? `"${step}"` : step.status}`, async () => {
      const { loki, waits, push } = await given([step, step]);
      await push();
      expect(loki.seen).to.have.length(3);
      expect(waits).to.deep.equal([100, 200]);
    });

  for (const step of ['stall', 'stall in the answer'] as const)
    it(`tries again when the server does "${step}"`, async () => {
      const { loki, waits, push } = await given([step], { requestTimeoutMs: 300 });
      await push();
      expect(loki.seen).to.have.length(2);
      expect(waits).to.deep.equal([100]);
    });

  it('waits twice as long each time, up to 5 seconds, and a random part of it', async () => {
    const { waits, push } = await given(Array(8).fill({ status: 503 }), { random: () => 0.5 });
    await push();
    expect(waits).to.deep.equal([50, 100, 200, 400, 800, 1600, 2500, 2500]);
  });

  it('waits as long as the server asks for, in seconds or by a date', async () => {
    const { waits, push } = await given([
      { status: 429, headers: { 'Retry-After': '3' } },
      { status: 503, headers: { 'Retry-After': new Date(Date.now() + 8_000).toUTCString() } },
      { status: 503, headers: { 'Retry-After': 'soon' } },
      { status: 503, headers: { 'Retry-After': '-5' } },
    ]);
    await push();
    expect(waits[0]).to.equal(3_000);
    expect(waits[1]).to.be.within(5_000, 8_000);
    expect(waits.slice(2)).to.deep.equal([400, 800]);
  });

  it('fails without waiting when the next try would come after the deadline', async () => {
    const { loki, waits, push } = await given([{ status: 429, headers: { 'Retry-After': '60' }, body: 'rate limit' }]);
    const error = await failure(push(5_000));
    expect(error.message).to.match(/^Loki at 127\.0\.0\.1:\d+ did not take a push: status 429: rate limit\.$/);
    expect(loki.seen).to.have.length(1);
    expect(waits).to.deep.equal([]);
  });

  it('ends a request at the deadline', async () => {
    const { loki, push } = await given(['stall']);
    const start = Date.now();
    const error = await failure(push(500));
    expect(error.message).to.match(/^Loki at 127\.0\.0\.1:\d+ is unreachable: ETIMEDOUT\.$/);
    expect(Date.now() - start).to.be.within(400, 5_000);
    expect(loki.seen).to.have.length(1);
  });

  it('tries until the deadline and says how often', async () => {
    const { loki, push } = await given(Array(100_000).fill({ status: 503, body: 'busy' }));
    const start = Date.now();
    const error = await failure(push(1_000));
    expect(Date.now() - start).to.be.below(5_000);
    expect(loki.seen.length).to.be.above(1);
    expect(error.message).to.contain(`status 503 after ${loki.seen.length} tries: busy`);
  });

  it('does not try at all after the deadline', async () => {
    const { loki, push } = await given([]);
    expect((await failure(push(-1))).message).to.contain('no time left');
    expect(loki.seen).to.have.length(0);
  });

  it('tries again at once on a connection that the server had given up', async () => {
    const { loki, waits, push } = await given([{ status: 204 }, 'reset']);
    await push();
    await push();
    expect(loki.seen.map(({ connection }) => connection)).to.deep.equal([1, 1, 2]);
    expect(waits).to.deep.equal([]);
  });

  for (const status of [401, 403])
    it(`reads the credentials anew, once, at status ${status}`, async () => {
      const { loki, asked, waits, push } = await given([{ status }]);
      await push();
      expect(asked).to.deep.equal([false, true]);
      expect(loki.seen.map(({ headers }) => headers.authorization)).to.deep.equal(['Bearer old', 'Bearer new']);
      expect(waits).to.deep.equal([]);
    });

  it('fails when new credentials are refused as well', async () => {
    const { loki, asked, push } = await given([{ status: 401 }, { status: 401, body: 'no org id' }]);
    const error = await failure(push());
    expect(error.message).to.contain('status 401 after 2 tries: no org id');
    expect(asked).to.deep.equal([false, true]);
    expect(loki.seen).to.have.length(2);
  });

  it('fails as the reading of the credentials fails', async () => {
    const { loki, push } = await given([], { headers: () => Promise.reject(new Error('no secret')) });
    expect(await push().catch((error: Error) => error.message)).to.equal('no secret');
    expect(loki.seen).to.have.length(0);
  });

  for (const status of [201, 260, 404, 405])
    it(`fails at once at status ${status}`, async () => {
      const { loki, push } = await given([{ status, body: 'why' }]);
      const error = await failure(push());
      expect(error).to.be.instanceOf(PushFailed).and.to.include({ status, name: 'PushFailed' });
      expect(error.message).to.match(new RegExp(`^Loki at [0-9.:]+ did not take a push: status ${status}: why\\.$`));
      expect(loki.seen).to.have.length(1);
    });

  it('does not follow a redirect, and says what to do', async () => {
    const { loki, push } = await given([{ status: 301, headers: { Location: '/elsewhere' }, body: '<html>' }]);
    expect((await failure(push())).message).to.match(
      /: status 301: redirects are not followed, set loki_url to where it leads\.$/,
    );
    expect(loki.seen).to.have.length(1);
  });

  it('says why Loki refuses what is in the push, without trying again', async () => {
    const { loki, push } = await given([{ status: 400, body: "max entry size '9' bytes exceeded\nmore" }]);
    expect(await push()).to.deep.equal({
      kind: 'some',
      reason: 'line_too_long',
      said: "max entry size '9' bytes exceeded",
    });
    expect(loki.seen).to.have.length(1);
  });

  it('counts requests, retries and bytes', async () => {
    const { ledger, push } = await given([{ status: 503 }, 'reset', { status: 204 }]);
    await push();
    expect(ledger).to.include({ pushes: 3, retries: 2, bytes: 3 * BODY.length });
  });

  it('quotes the first line of the answer, without control characters, up to 200 characters', async () => {
    const { push } = await given([{ status: 404, body: `\x1b[31mbad ${'x'.repeat(500)}\nsecond line` }]);
    const { message } = await failure(push());
    expect(message).to.match(/status 404: \[31mbad x+\.$/);
    expect(message.split(': ')[2]).to.have.length(201);
  });

  it('reads no more than the beginning of an answer', async () => {
    const { loki, push } = await given(['answer without end']);
    expect((await push())?.said).to.match(/^why: xxx/);
    expect(loki.seen).to.have.length(1);
  });

  it('says when an answer is empty', async () => {
    const { push } = await given([{ status: 404 }]);
    expect((await failure(push())).message).to.match(/did not take a push: status 404\.$/);
  });

  it('says that nobody listens', async () => {
    const { loki, push, waits } = await given([]);
    await loki.stop();
    const error = await failure(push(1_000));
    expect(error).to.be.instanceOf(LokiUnreachable);
    expect(error.message).to.match(/^Loki at 127\.0\.0\.1:\d+ is unreachable: ECONNREFUSED after \d+ tries\.$/);
    expect(waits.length).to.be.above(0);
  });

  it('fails at once when something else than HTTP answers', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const push = createPusher({ url: `http://127.0.0.1:${port}`, headers: async () => ({}) });
    const error = await failure(push(BODY, limits()));
    server.close();
    expect(error.message).to.equal(`Loki at 127.0.0.1:${port} is unreachable: HPE_INVALID_CONSTANT.`);
  });

  it('fails, without the value, when a header cannot be sent', async () => {
    const { push } = await given([], { headers: async () => ({ Authorization: 'Bearer se\ncret' }) });
    const error = await failure(push());
    expect(error.message).to.contain('ERR_INVALID_CHAR');
    expect(`${error.message}${error.stack}`).not.to.contain('cret');
  });

  it('has no stack trace in its errors', async () => {
    const { push } = await given([{ status: 404, body: 'why' }]);
    const error = await failure(push());
    expect(error.stack).to.equal(`PushFailed: ${error.message}`);
  });

  it('leaves no timer behind', async () => {
    const { push } = await given([
      { status: 204 },
      { status: 503 },
      { status: 204 },
      'reset',
      { status: 204 },
      { status: 404 },
    ]);
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await push();
    await push();
    await push();
    await failure(push());
    expect(timers()).to.equal(before);
  });

  describe('over TLS', function () {
    this.timeout(20_000);
    const tls = selfSigned();

    it('fails at once when the certificate is not trusted', async () => {
      const loki = await startScriptedLoki([], tls);
      started.push(loki);
      const push = createPusher({ url: loki.url, headers: async () => ({}) });
      const error = await failure(push(BODY, limits()));
      expect(error.message).to.match(/^Loki at 127\.0\.0\.1:\d+ is unreachable: DEPTH_ZERO_SELF_SIGNED_CERT\.$/);
      expect(loki.seen).to.have.length(0);
    });

    it('pushes when it is', async () => {
      const loki = await startScriptedLoki([], tls);
      started.push(loki);
      const folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
      const file = join(folder, 'ca.pem');
      writeFileSync(file, tls.cert);
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', './tools/typescript.mjs', 'tests/function/delivery/push-once.ts', loki.url],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
      ).finally(() => rmSync(folder, { recursive: true }));
      expect(stdout).to.equal('stored\n');
      expect(loki.seen[0]?.body.toString()).to.equal('body');
    });
  });
});

import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { StorageFailed } from '../../../function/aws/objects.ts';
import { type ReadVersion, watchedObject } from '../../../function/aws/watched-object.ts';
import { failure } from '../failure.ts';

const BUCKET = { bucket: 'b', region: 'eu-central-1', partition: 'aws' };
const KEY = 'registry/catalogue.ndjson.gz';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'to/ken+=' };

type Headers = NodeJS.Dict<string | string[]>;

type Step = 'object' | 'stall' | 'half' | 'close' | 'endless' | readonly [status: number, code: string];

/** The part of S3 that is used, for one object. */
class FakeObject {
  body: Buffer | undefined;
  readonly requests: { readonly headers: Headers; readonly socket: unknown }[] = [];
  /** What the next requests get instead of the object. */
  readonly steps: Step[] = [];
  readonly #server = createServer((request, response) => {
    this.requests.push({ headers: request.headers, socket: request.socket });
    const step = this.steps.shift() ?? 'object';
    const etag = `"${createHash('md5')
      .update(this.body ?? '')
      .digest('hex')}"`;
    const error = (status: number, code: string) =>
      response.writeHead(status).end(`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>x</Message></Error>`);
    if (step === 'close') request.socket.destroy();
    else if (step === 'half') response.writeHead(200, { 'content-length': 10 }).write('half');
    else if (step === 'endless') {
      response.writeHead(200);
      const more = () => response.write(Buffer.alloc(1_000_000), () => response.destroyed || setImmediate(more));
      more();
    } else if (step === 'stall') return;
    else if (typeof step === 'object') error(...step);
    else if (request.url !== `/b/${KEY}`) error(404, 'NoSuchBucket');
    else if (!this.body) error(404, 'NoSuchKey');
    else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'last-modified': 'Thu, 15 Jan 2026 08:00:00 GMT' }).end(this.body);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get env() {
    return { ...CREDENTIALS, AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` };
  }

  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/**
 * What S3 works out from the request that it gets:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function authorizationOf(headers: Headers): string {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(String(headers.authorization)) ?? [];
  const time = String(headers['x-amz-date']);
  const scope = [time.slice(0, 8), BUCKET.region, 's3', 'aws4_request'];
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const request = ['GET', `/b/${KEY}`, '', signed.join(''), names, createHash('sha256').digest('hex')].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), hash].join('\n')).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=AKID/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
}

describe('An object that is watched', function () {
  this.timeout(20_000);
  let fake: FakeObject;
  let read: ReadVersion;
  beforeEach(async () => {
    fake = new FakeObject();
    await fake.start();
    read = watchedObject(BUCKET, KEY, fake.env);
  });
  afterEach(() => fake.stop());

  async function version(etag?: string) {
    const version = await read(etag);
    if (!version || version === 'unchanged') throw new Error(`no version, but ${version}`);
    return version;
  }

  it('is read with its ETag and the time it was written at', async () => {
    fake.body = Buffer.from([0, 255, 10]);
    const { body, etag, writtenAt } = await version();
    expect(body).to.deep.equal(fake.body);
    expect(etag).to.match(/^"[0-9a-f]{32}"$/);
    expect(writtenAt).to.equal(Date.UTC(2026, 0, 15, 8));
  });

  it('is not sent again when it is the version that is known, over the same connection', async () => {
    fake.body = Buffer.from('one');
    const { etag } = await version();
    expect(await read(etag)).to.equal('unchanged');
    fake.body = Buffer.from('two');
    expect((await version(etag)).body.toString()).to.equal('two');
    expect(new Set(fake.requests.map(({ socket }) => socket)).size).to.equal(1);
  });

  it('is undefined when there is none', async () => {
    expect(await read()).to.equal(undefined);
    expect(fake.requests).to.have.length(1);
  });

  it('is asked for with a signature of what is sent', async () => {
    fake.body = Buffer.from('x');
    const { etag } = await version();
    await read(etag);
    const [first, second] = fake.requests.map(({ headers }) => headers);
    for (const headers of [first, second]) {
      expect(headers?.['x-amz-security-token']).to.equal('to/ken+=');
      expect(headers?.authorization).to.equal(authorizationOf(headers ?? {}));
    }
    expect(second?.authorization).to.include('if-none-match');
  });

  for (const step of ['close', [503, 'SlowDown'], [500, 'InternalError']] as const)
    it(`is asked for once more after ${typeof step === 'object' ? step[1] : 'a connection that broke off'}`, async () => {
      fake.body = Buffer.from('x');
      fake.steps.push(step);
      expect((await version()).body.toString()).to.equal('x');
      expect(fake.requests).to.have.length(2);
      fake.steps.push(step, step);
      expect(await failure(read())).to.be.instanceOf(StorageFailed);
      expect(fake.requests).to.have.length(4);
    });

  it('is read over a new connection when S3 has closed the one that was kept', async () => {
    fake.body = Buffer.from('x');
    await version();
    fake.dropConnections();
    expect((await version()).body.toString()).to.equal('x');
  });

  it('is not asked for again when it is denied, and says so without the words of AWS', async () => {
    fake.steps.push([403, 'AccessDenied']);
    const error = await failure(read());
    expect(error.stack).to.equal(`StorageFailed: s3:GetObject failed with AccessDenied for s3://b/${KEY}.`);
    expect(fake.requests).to.have.length(1);
  });

  it('tells a bucket that is missing from an object that is', async () => {
    fake.steps.push([404, 'NoSuchBucket']);
    expect((await failure(read())).message).to.include('s3:GetObject failed with NoSuchBucket');
  });

  it('says the status where S3, or what is before it, says nothing else', async () => {
    fake.steps.push([407, '?']);
    expect((await failure(read())).message).to.include('failed with status 407');
  });

  for (const step of ['stall', 'half'] as const)
    it(`is given up after two seconds when the answer does not come to an end (${step})`, async () => {
      fake.steps.push(step);
      const start = Date.now();
      expect((await failure(read())).message).to.equal(`s3:GetObject failed with ETIMEDOUT for s3://b/${KEY}.`);
      expect(Date.now() - start).to.be.within(1_900, 4_000);
      expect(fake.requests).to.have.length(1);
    });

  it('is given up when it is larger than any that it could be', async () => {
    fake.steps.push('endless', 'endless');
    expect((await failure(read())).message).to.include('failed with EntityTooLarge');
  });

  it('fails when nobody listens', async () => {
    await fake.stop();
    const error = await failure(
      watchedObject(BUCKET, KEY, { ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })(),
    );
    expect(error.message).to.include('failed with ECONNREFUSED');
  });

  it('fails when the endpoint is no URL', async () => {
    const error = await failure(watchedObject(BUCKET, KEY, { ...CREDENTIALS, AWS_ENDPOINT_URL: 'here' })());
    expect(error).to.be.instanceOf(StorageFailed);
  });
});

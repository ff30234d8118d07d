import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { StorageFailed, s3Objects } from '../../../function/aws/objects.ts';
import { etagOf } from '../../support/bucket.ts';
import { failure } from '../failure.ts';

const TYPE = { contentType: 'application/x-ndjson', contentEncoding: 'gzip' };

interface Stored {
  readonly body: Buffer;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
}

/** The part of S3 that is used, for one bucket, `b`; the environment points the SDK to it while it runs. */
class FakeBucket {
  readonly objects = new Map<string, Stored>();
  readonly requests: string[] = [];
  /** What the next requests get instead of their answer: an error's code, or `stall` for half an answer. */
  readonly failures: string[] = [];
  readonly #environment = { ...process.env };
  readonly #server: Server = createServer((request, response) => this.#serve(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
    });
  }

  async stop(): Promise<void> {
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', headers } = request;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
    const [, bucket, ...rest] = decodeURIComponent(pathname).split('/');
    const key = rest.join('/');
    this.requests.push(`${method} ${key || searchParams.get('prefix')}`);

    const failed = this.failures.shift();
    if (failed === 'stall') response.writeHead(200, { 'content-length': 10 }).write('half');
    else if (failed || bucket !== 'b') refuse(response, failed ?? 'NoSuchBucket');
    else if (method === 'PUT' && this.#isOther(key, headers)) refuse(response, 'PreconditionFailed');
    else if (method === 'PUT') {
      const { 'content-type': type, 'content-encoding': encoding } = headers;
      this.objects.set(key, { body: Buffer.concat(chunks), type, encoding });
      response.end();
    } else if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (key) {
      const object = this.objects.get(key);
      if (object) response.writeHead(200, { etag: etagOf(object.body) }).end(object.body);
      else refuse(response, 'NoSuchKey');
    } else response.end(this.#list(searchParams.get('prefix') ?? '', searchParams.get('start-after') ?? ''));
  }

  #isOther(key: string, headers: IncomingHttpHeaders): boolean {
    const etag = this.objects.has(key) ? etagOf(this.objects.get(key)?.body ?? Buffer.alloc(0)) : undefined;
    if (headers['if-none-match'] === '*') return etag !== undefined;
    return headers['if-match'] !== undefined && headers['if-match'] !== etag;
  }

  #list(prefix: string, after: string): string {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const contents = keys.slice(0, 2).map((key) => {
      const body = this.objects.get(key)?.body ?? Buffer.alloc(0);
      const etag = etagOf(body).replaceAll('"', '&quot;');
      return `<Contents><Key>${key}</Key><Size>${body.length}</Size><ETag>${etag}</ETag></Contents>`;
    });
    return `<ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${contents.join('')}</ListBucketResult>`;
  }
}

/** Statuses of the codes that are not 403: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const STATUSES: Readonly<Record<string, number>> = {
  SlowDown: 503,
  InternalError: 500,
  NoSuchKey: 404,
  NoSuchBucket: 404,
  PreconditionFailed: 412,
  ConditionalRequestConflict: 409,
};

function refuse(response: ServerResponse, code: string): void {
  response.writeHead(STATUSES[code] ?? 403, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>Words of AWS that may hold names of roles.</Message></Error>`);
}

describe('The objects of a bucket', function () {
  this.timeout(20_000);
  let fake: FakeBucket;
  const bucket = () => s3Objects('b', 'eu-central-1');
  beforeEach(async () => {
    fake = new FakeBucket();
    await fake.start();
  });
  afterEach(() => fake.stop());

  it('are written with their type, read, replaced and removed', async () => {
    const objects = bucket();
    const key = 'parked/2026/11/23/a#b.c-d_e/f.ndjson.gz';
    await objects.put(key, Buffer.from('first'), TYPE);
    await objects.put(key, Buffer.from([0, 255, 10]), TYPE);
    expect(fake.objects.get(key)).to.deep.equal({
      body: Buffer.from([0, 255, 10]),
      type: 'application/x-ndjson',
      encoding: 'gzip',
    });
    expect(await objects.get(key)).to.deep.equal(Buffer.from([0, 255, 10]));
    await objects.remove(key);
    await objects.remove(key);
    expect(fake.objects.size).to.equal(0);
    expect(await objects.get(key)).to.equal(undefined);
  });

  it('are listed by prefix, some at a time', async () => {
    const objects = bucket();
    for (const key of ['a/1', 'p/1', 'p/2', 'p/3', 'q/1']) await objects.put(key, Buffer.from(key), TYPE);
    expect(await objects.list('p/')).to.deep.equal({
      objects: [
        { key: 'p/1', size: 3, etag: etagOf(Buffer.from('p/1')) },
        { key: 'p/2', size: 3, etag: etagOf(Buffer.from('p/2')) },
      ],
      more: true,
    });
    const last = { key: 'p/3', size: 3, etag: etagOf(Buffer.from('p/3')) };
    expect(await objects.list('p/', 'p/2')).to.deep.equal({ objects: [last], more: false });
    expect(await objects.list('p/', 'p/3')).to.deep.equal({ objects: [], more: false });
  });

  it('are written on condition that nobody else was first', async () => {
    const objects = bucket();
    expect(await objects.putIf(null, 'k', Buffer.from('first'), TYPE)).to.equal(true);
    expect(await objects.putIf(null, 'k', Buffer.from('second'), TYPE)).to.equal(false);
    const { body, etag = '' } = (await objects.getVersion('k')) ?? {};
    expect(body).to.deep.equal(Buffer.from('first'));
    expect(await objects.putIf(etag, 'k', Buffer.from('third'), TYPE)).to.equal(true);
    expect(await objects.putIf(etag, 'k', Buffer.from('fourth'), TYPE)).to.equal(false);
    expect(await objects.get('k')).to.deep.equal(Buffer.from('third'));
    expect(await objects.getVersion('other')).to.equal(undefined);
  });

  for (const code of ['ConditionalRequestConflict', 'NoSuchKey'])
    it(`are not written on condition where S3 answers ${code}`, async () => {
      fake.failures.push(code);
      expect(await s3Objects('b', 'eu-central-1').putIf('"etag"', 'k', Buffer.from('x'), TYPE)).to.equal(false);
      expect(fake.objects.size).to.equal(0);
    });

  it('are asked for again when S3 is busy', async () => {
    fake.failures.push('SlowDown', 'InternalError');
    await bucket().put('k', Buffer.from('x'), TYPE);
    expect(fake.requests).to.deep.equal(['PUT k', 'PUT k', 'PUT k']);
  });

  const CALLS = {
    's3:PutObject': () => bucket().put('k/k', Buffer.from('secret'), TYPE),
    's3:PutObject on condition': () => bucket().putIf(null, 'k/k', Buffer.from('secret'), TYPE),
    's3:GetObject': () => bucket().get('k/k'),
    's3:DeleteObject': () => bucket().remove('k/k'),
    's3:ListBucket': () => bucket().list('k/k'),
  };
  for (const [call, run] of Object.entries(CALLS))
    it(`fail with what failed and where: ${call}`, async () => {
      fake.failures.push('AccessDenied');
      const error = await failure(run());
      expect(error).to.be.instanceOf(StorageFailed);
      expect(error.stack).to.equal(`StorageFailed: ${call.split(' ', 1)[0]} failed with AccessDenied for s3://b/k/k.`);
    });

  it('fail when an object stops arriving in its middle', async () => {
    fake.failures.push('stall');
    const error = await failure(bucket().get('k'));
    expect(error.message).to.match(/^s3:GetObject failed with \w+ for s3:\/\/b\/k\.$/);
  });

  it('fail when there is no such bucket', async () => {
    expect((await failure(s3Objects('other', 'eu-central-1').get('k'))).message).to.equal(
      's3:GetObject failed with NoSuchBucket for s3://other/k.',
    );
  });
});

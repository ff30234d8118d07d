import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { etagOf } from '../bucket.ts';

/** A request of S3, whose bucket is in its path. */
export interface S3Request {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** `<bucket>/<key>` */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

const ACTIONS: Readonly<Record<string, string>> = { PUT: 'PutObject', GET: 'GetObject', DELETE: 'DeleteObject' };

/** Objects by `<bucket>/<key>`, with conditional writes and reads. Buckets are not looked at. */
export class FakeS3 {
  readonly objects = new Map<string, Buffer>();

  /** For example `S3.PutObject`. */
  targetOf({ method, query }: S3Request): string {
    return `S3.${method === 'GET' && query.has('list-type') ? 'ListObjectsV2' : (ACTIONS[method] ?? method)}`;
  }

  serve(request: S3Request, response: ServerResponse): void {
    const known = this.objects.get(request.path);
    if (request.query.has('list-type')) {
      response.writeHead(200).end(this.#listing(request.path, request.query));
      return;
    }
    const refused = refusalOf(request, known);
    if (refused) refuse(response, refused);
    else if (request.method === 'PUT') {
      this.objects.set(request.path, request.body);
      response.writeHead(200, { etag: etagOf(request.body) }).end();
    } else if (request.method === 'DELETE') {
      this.objects.delete(request.path);
      response.writeHead(204).end();
    } else if (known) this.#read(request.headers, known, response);
  }

  #read(headers: IncomingHttpHeaders, body: Buffer, response: ServerResponse): void {
    const etag = etagOf(body);
    if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag }).end(body);
  }

  #listing(bucket: string, query: URLSearchParams): string {
    const start = `${bucket.replace(/\/$/, '')}/`;
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const keys = [...this.objects.keys()]
      .filter((path) => path.startsWith(start + prefix) && path.slice(start.length) > after)
      .map((path) => path.slice(start.length))
      .sort();
    const page = keys.slice(0, 1_000);
    const contents = page.map((key) => contentsOf(key, this.objects.get(start + key) ?? Buffer.alloc(0))).join('');
    return `<ListBucketResult><IsTruncated>${keys.length > page.length}</IsTruncated>${contents}</ListBucketResult>`;
  }
}

function contentsOf(key: string, body: Buffer): string {
  const etag = etagOf(body).replaceAll('"', '&quot;');
  return `<Contents><Key>${key}</Key><Size>${body.length}</Size><ETag>${etag}</ETag></Contents>`;
}

/** Answers with an error of S3. */
export function refuse(response: ServerResponse, code: string): void {
  const message = 'Words of AWS that may hold names of roles.';
  response.writeHead(STATUS[code] ?? 403).end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

const STATUS: Readonly<Record<string, number>> = {
  NoSuchKey: 404,
  ConditionalRequestConflict: 409,
  PreconditionFailed: 412,
  SlowDown: 503,
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function refusalOf({ method, headers }: S3Request, known: Buffer | undefined): string | undefined {
  const expected = headers['if-match'];
  if (!known) return method === 'GET' || (method === 'PUT' && expected) ? 'NoSuchKey' : undefined;
  const taken = method === 'PUT' && headers['if-none-match'] === '*';
  const changed = expected !== undefined && expected !== '*' && expected !== etagOf(known);
  return taken || changed ? 'PreconditionFailed' : undefined;
}

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that was made. */
export interface Call {
  /** For example `Logs_20140328.ListTagsForResource`, or `S3.PutObject`. */
  readonly target: string;
  /** Which the call was signed for. */
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Tags = Readonly<Record<string, string>>;
/** An answer of a fake API: what it returns, or the error that it throws. */
type Answer = { readonly output?: object } | { readonly error: string };

/** ARN of a log group without `:*`, which the tagging APIs refuse. */
const LOG_GROUP_ARN = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:[a-zA-Z0-9_/.#-]+$/;

/**
 * A fake of the few AWS calls that the functions make: a real HTTP server on this machine that the SDK speaks to. While
 * it runs, the environment points the SDK to it.
 */
export class FakeAws {
  /** Tags by ARN of a log group. */
  readonly logGroups = new Map<string, Tags>();
  /** Texts by ARN, of Secrets Manager. */
  readonly secrets = new Map<string, string>();
  /** Texts by ARN, of SSM, where they are encrypted. */
  readonly parameters = new Map<string, string>();
  /** Objects of S3 by `<bucket>/<key>`. */
  readonly objects = new Map<string, Buffer>();
  readonly calls: Call[] = [];
  readonly #failures: { readonly action: string; readonly error: string }[] = [];
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #environment = { ...process.env };

  static async start(): Promise<FakeAws> {
    const fake = new FakeAws();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    const { port } = fake.#server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
    });
    return fake;
  }

  /** The next call of this action, for example `TagResource`, fails with this error; `stall` is no answer at all. */
  failNext(action: string, error: string): void {
    this.#failures.push({ action, error });
  }

  /** The calls of an action, for example `TagResource`, in order. */
  callsOf(action: string): Call[] {
    return this.calls.filter(({ target }) => target.endsWith(`.${action}`));
  }

  /** The actions that were called, in order. */
  get actions(): string[] {
    return this.calls.map(({ target }) => target.replace(/^.*\./, ''));
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
    const [, region = 'unsigned', service] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (service === 's3') {
      this.#serveS3(request, Buffer.concat(chunks), region, response);
      return;
    }
    const target = String(request.headers['x-amz-target']);
    const call: Call = { target, region, input: JSON.parse(Buffer.concat(chunks).toString()) };
    this.calls.push(call);

    const answer = this.#answer(call);
    if ('error' in answer) {
      if (answer.error === 'stall') return;
      const body = { __type: answer.error, message: 'Words of AWS that may hold names of roles.' };
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    } else
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end(answer.output && JSON.stringify(answer.output));
  }

  /** @returns the error that a test asked for */
  #failure(target: string): string | undefined {
    const failure = this.#failures.findIndex(({ action }) => target.endsWith(`.${action}`));
    const [failed] = failure < 0 ? [] : this.#failures.splice(failure, 1);
    return failed?.error;
  }

  #serveS3(request: IncomingMessage, body: Buffer, region: string, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://s3');
    const path = decodeURIComponent(url.pathname.slice(1));
    const action = S3_ACTIONS[request.method ?? ''] ?? '';
    const target = `S3.${action === 'GetObject' && url.searchParams.has('list-type') ? 'ListObjectsV2' : action}`;
    this.calls.push({ target, region, input: { path } });
    const error = this.#failure(target);
    const known = this.objects.get(path);
    if (error === 'stall') return;
    if (error) response.writeHead(error === 'SlowDown' ? 503 : 403).end(xmlError(error));
    else if (target === 'S3.ListObjectsV2') response.writeHead(200).end(this.#listing(path, url.searchParams));
    else if (target === 'S3.GetObject' && !known) response.writeHead(404).end(xmlError('NoSuchKey'));
    else if (target === 'S3.GetObject') {
      const etag = `"${createHash('md5')
        .update(known ?? '')
        .digest('hex')}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(known);
    } else {
      if (target === 'S3.PutObject') this.objects.set(path, body);
      else this.objects.delete(path);
      response.writeHead(target === 'S3.PutObject' ? 200 : 204).end();
    }
  }

  #listing(bucket: string, query: URLSearchParams): string {
    const start = `${bucket.replace(/\/$/, '')}/`;
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const keys = [...this.objects.keys()]
      .filter((path) => path.startsWith(start + prefix) && path.slice(start.length) > after)
      .map((path) => path.slice(start.length))
      .sort();
    const page = keys.slice(0, 1_000);
    const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('');
    return `<ListBucketResult><IsTruncated>${keys.length > page.length}</IsTruncated>${contents}</ListBucketResult>`;
  }

  #answer({ target, region, input }: Call): Answer {
    const error = this.#failure(target);
    if (error) return { error };

    switch (target) {
      case 'secretsmanager.GetSecretValue':
        return found(inRegion(this.secrets, String(input.SecretId), region), (SecretString) => ({ SecretString }));
      case 'AmazonSSM.GetParameter':
        return found(parameterOf(this.parameters, String(input.Name), region), (Value) => ({
          Parameter: { Value: input.WithDecryption ? Value : 'AQICAHh-encrypted' },
        }));
      default:
        return this.#tagging(target, String(input.resourceArn), input, region);
    }
  }

  #tagging(target: string, arn: string, input: Call['input'], region: string): Answer {
    if (!LOG_GROUP_ARN.test(arn)) return { error: 'InvalidParameterException' };
    const tags = inRegion(this.logGroups, arn, region);
    if (!tags) return { error: 'ResourceNotFoundException' };
    switch (target) {
      case 'Logs_20140328.ListTagsForResource':
        return { output: { tags } };
      case 'Logs_20140328.TagResource':
        this.logGroups.set(arn, { ...tags, ...(input.tags as Tags) });
        return {};
      case 'Logs_20140328.UntagResource': {
        const keys = input.tagKeys as readonly string[];
        this.logGroups.set(arn, Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))));
        return {};
      }
      default:
        return { error: 'UnknownOperationException' };
    }
  }
}

const S3_ACTIONS: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  DELETE: 'DeleteObject',
};

function xmlError(code: string): string {
  return `<Error><Code>${code}</Code><Message>Words of AWS that may hold names of roles.</Message></Error>`;
}

/** Each region holds its own: what another region asks for is not there. */
function inRegion<T>(things: ReadonlyMap<string, T>, arn: string, region: string): T | undefined {
  return arn.split(':')[3] === region ? things.get(arn) : undefined;
}

/** A parameter is asked for by its ARN or by its name. */
function parameterOf(parameters: ReadonlyMap<string, string>, name: string, region: string): string | undefined {
  for (const arn of parameters.keys())
    if (arn === name || arn.endsWith(`:parameter/${name.replace(/^\//, '')}`)) return inRegion(parameters, arn, region);
  return undefined;
}

function found(text: string | undefined, output: (text: string) => object): Answer {
  return text === undefined ? { error: 'ResourceNotFoundException' } : { output: output(text) };
}

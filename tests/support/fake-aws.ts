import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call } from './fake-aws/call.ts';
import { FakeLogs } from './fake-aws/fake-logs.ts';
import { FakeS3, refuse } from './fake-aws/fake-s3.ts';
import { FakeSecrets } from './fake-aws/fake-secrets.ts';

export type { Call } from './fake-aws/call.ts';

/**
 * A fake of the few AWS calls that the functions make: a real HTTP server on this machine that the SDK speaks to. While
 * it runs, the environment points the SDK to it.
 */
export class FakeAws {
  readonly #logs = new FakeLogs();
  readonly #secrets = new FakeSecrets();
  readonly #s3 = new FakeS3();
  /** Tags by ARN of a log group. */
  readonly logGroups = this.#logs.groups;
  /** Class by ARN of a log group that is not STANDARD. */
  readonly logGroupClasses = this.#logs.classes;
  /** Subscription filters by ARN of a log group. */
  readonly filters = this.#logs.filters;
  /** Texts by ARN, of Secrets Manager. */
  readonly secrets = this.#secrets.secrets;
  /** Texts by ARN, of SSM, where they are encrypted. */
  readonly parameters = this.#secrets.parameters;
  /** Objects of S3 by `<bucket>/<key>`. */
  readonly objects = this.#s3.objects;
  readonly calls: Call[] = [];
  readonly #failures: { readonly action: string; readonly error: string }[] = [];
  /** Errors by the number of the call that gets them, from 1. */
  readonly #failingCalls = new Map<number, string>();
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

  /** The n-th call from now on, whatever it is, fails with this error, once; `stall` is no answer at all. */
  failNth(n: number, error: string): void {
    this.#failingCalls.set(this.calls.length + n, error);
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
    const body = Buffer.concat(chunks);
    const [, region = 'unsigned', service] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (service === 's3') this.#serveS3(request, body, region, response);
    else this.#serveJson(String(request.headers['x-amz-target']), body, region, response);
  }

  /** Notes the call. @returns the error that a test asked for */
  #failureOf(call: Call): string | undefined {
    this.calls.push(call);
    const failing = this.#failingCalls.get(this.calls.length);
    if (failing) return failing;
    const failure = this.#failures.findIndex(({ action }) => call.target.endsWith(`.${action}`));
    const [failed] = failure < 0 ? [] : this.#failures.splice(failure, 1);
    return failed?.error;
  }

  #serveS3(
    { method = '', url = '', headers }: IncomingMessage,
    body: Buffer,
    region: string,
    response: ServerResponse,
  ) {
    const { pathname, searchParams: query } = new URL(url, 'http://s3');
    const path = decodeURIComponent(pathname.slice(1));
    const request = { method, headers, path, query, body };
    const error = this.#failureOf({ target: this.#s3.targetOf(request), region, input: { path } });
    if (error === 'stall') return;
    if (error) refuse(response, error);
    else this.#s3.serve(request, response);
  }

  #serveJson(target: string, body: Buffer, region: string, response: ServerResponse): void {
    const call: Call = { target, region, input: JSON.parse(body.toString()) };
    const error = this.#failureOf(call);
    if (error === 'stall') return;
    const api = /^(Logs_|ResourceGroupsTagging)/.test(target) ? this.#logs : this.#secrets;
    const answer = error ? { error } : api.answer(call);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if ('error' in answer) {
      const refusal = { __type: answer.error, message: 'Words of AWS that may hold names of roles.' };
      response.writeHead(400).end(JSON.stringify(refusal));
    } else response.writeHead(200).end(answer.output && JSON.stringify(answer.output));
  }
}

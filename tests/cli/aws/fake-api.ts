import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake answers: JSON, XML, or the error that AWS calls so. */
export type Answer =
  | { readonly body: object }
  | { readonly xml: string }
  | { readonly error: string; readonly message?: string }
  | 'none';

/** A real HTTP server that the SDK takes for AWS while it runs: it says what it is told to, and remembers what it was asked. */
export class FakeApi {
  readonly seen: { readonly target: string; readonly input: unknown }[] = [];
  /** What each call is answered, or by what it is asked. */
  answer: Answer | ((target: string, input: unknown) => Answer) = { body: {} };
  readonly #environment = { ...process.env };
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
    const input: unknown = body.startsWith('{') ? JSON.parse(body) : body || undefined;
    this.seen.push({ target, input });
    const answer = typeof this.answer === 'function' ? this.answer(target, input) : this.answer;
    if (answer === 'none') return;
    if ('body' in answer) response.writeHead(200).end(JSON.stringify(answer.body));
    else if ('xml' in answer) response.writeHead(200, { 'content-type': 'text/xml' }).end(answer.xml);
    else {
      const { error, message } = answer;
      response.writeHead(400, { 'x-amzn-errortype': error }).end(JSON.stringify({ __type: error, message }));
    }
  });

  static async start(): Promise<FakeApi> {
    const fake = new FakeApi();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    const { port } = fake.#server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
    });
    return fake;
  }

  async stop(): Promise<void> {
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake answers: JSON, or the error that AWS calls so. */
export type Answer = { readonly body: object } | { readonly error: string; readonly message?: string } | 'none';

/** A real HTTP server that the SDK takes for AWS while it runs: it says what it is told to, and remembers what it was asked. */
export class FakeApi {
  readonly seen: { readonly target: string; readonly input: unknown }[] = [];
  answer: Answer = { body: {} };
  readonly #environment = { ...process.env };
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
    this.seen.push({ target, input: body ? JSON.parse(body) : undefined });
    if (this.answer === 'none') return;
    if ('body' in this.answer) response.writeHead(200).end(JSON.stringify(this.answer.body));
    else {
      const { error, message } = this.answer;
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

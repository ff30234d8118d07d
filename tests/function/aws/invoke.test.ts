import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { FunctionFailed, InvocationFailed, lambdaInvoke } from '../../../function/aws/invoke.ts';
import { failure } from '../failure.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('The call of a function', function () {
  this.timeout(20_000);
  const environment = { ...process.env };
  const seen: { readonly url: string | undefined; readonly body: string }[] = [];
  let answer: Answer | 'none';
  let server: Server;

  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push({ url: request.url, body: Buffer.concat(chunks).toString() });
      if (answer !== 'none') response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
    });
  });
  beforeEach(() => {
    seen.length = 0;
  });
  after(async () => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });

  const invoke = (signal?: AbortSignal) => lambdaInvoke({ region: 'eu-central-1' })('f', { a: 'ü' }, signal);
  const failed = { 'x-amz-function-error': 'Unhandled' };

  it('gives what it answers', async () => {
    answer = { body: '{"b":"ä"}' };
    expect(await invoke()).to.deep.equal({ b: 'ä' });
    expect(seen).to.deep.equal([{ url: '/2015-03-31/functions/f/invocations', body: '{"a":"ü"}' }]);
    for (const body of ['', 'null']) {
      answer = { body };
      expect(await invoke()).to.equal(body ? null : undefined);
    }
  });

  it('fails with the words of the function, cut', async () => {
    answer = { headers: failed, body: JSON.stringify({ errorType: 'X', errorMessage: `Why. ${'ü'.repeat(1000)}` }) };
    const error = await failure(invoke());
    expect(error).to.be.instanceOf(FunctionFailed);
    expect(error.message).to.match(/^Why\. ü+$/);
    expect(Buffer.byteLength(error.message)).to.be.within(498, 500);
    answer = { headers: failed, body: 'null' };
    expect((await failure(invoke())).message).to.equal('f failed without a message.');
  });

  it('is made once, even when AWS is busy', async () => {
    answer = { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' }, body: '{"message":"Words."}' };
    const error = await failure(invoke());
    expect(error).to.be.instanceOf(InvocationFailed).and.include({ reason: 'TooManyRequestsException' });
    expect(error.message).to.equal('lambda:InvokeFunction failed with TooManyRequestsException for f.');
    expect(seen).to.have.length(1);
  });

  it('can be given up', async () => {
    answer = 'none';
    const abort = new AbortController();
    const call = failure(invoke(abort.signal));
    abort.abort();
    expect(await call).to.include({ name: 'InvocationFailed', reason: 'AbortError' });
  });
});

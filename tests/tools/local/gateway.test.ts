import { CloudWatchLogsClient, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { clientConfig } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { eventually } from '../../support/eventually.ts';
import { type Answer, type Request, type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

describe('Gateway', () => {
  let emulator: ScriptedEmulator;
  let gateway: Gateway;
  let endpoint: string;
  let answer: (request: Request) => Answer;

  beforeEach(async () => {
    answer = () => ({ body: '{}' });
    emulator = await startScriptedEmulator((request) => answer(request));
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    gateway = await Gateway.start(port, emulator.port);
  });
  afterEach(() => Promise.all([gateway.stop(), emulator.stop()]));

  /** A subscription filter with a pattern, asked for with the SDK. */
  const filter = (filterPattern: string) =>
    new CloudWatchLogsClient(clientConfig(endpoint)).send(
      new PutSubscriptionFilterCommand({ logGroupName: 'g', filterName: 'f', filterPattern, destinationArn: 'a' }),
    );

  /** An asynchronous invocation, asked for with the SDK. */
  const invoke = (FunctionName: string) =>
    new LambdaClient(clientConfig(endpoint)).send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{"a":1}' }),
    );

  const nameOf = (error: Error) => error.name;

  it('passes a call on as it is, with its Host header and path, and the answer back', async () => {
    answer = () => ({ status: 418, headers: { 'x-amz-request-id': 'r' }, body: 'a pot' });
    const response = await fetch(`${endpoint}/a%2Fb?c=d%20e`, { method: 'PUT', body: 'text' });
    expect(response.status).to.equal(418);
    expect(response.headers.get('x-amz-request-id')).to.equal('r');
    expect(await response.text()).to.equal('a pot');
    expect(emulator.seen).to.have.length(1);
    expect(emulator.seen[0]).to.include({ method: 'PUT', path: '/a%2Fb?c=d%20e', body: 'text' });
    expect(emulator.seen[0]?.headers.host).to.equal(new URL(endpoint).host);
  });

  it('says that it is a gateway when the emulator does not answer', async () => {
    await emulator.stop();
    expect((await fetch(endpoint)).status).to.equal(502);
  });

  it('records service, action and status of each call', async () => {
    await filter('');
    answer = () => ({ status: 400, headers: { 'x-amzn-errortype': 'LimitExceededException' }, body: '{}' });
    await filter('').catch(nameOf);
    const call = { service: 'logs', action: 'PutSubscriptionFilter' };
    expect(gateway.calls).to.deep.equal([
      { ...call, status: 200 },
      { ...call, status: 400 },
    ]);
  });

  it('answers with a fault, and no longer when it is mended', async () => {
    const code = 'ThrottlingException';
    const mend = gateway.fail({ service: 'logs', action: 'PutSubscriptionFilter', status: 400, code });
    expect(await filter('').catch(nameOf)).to.equal(code);
    expect(emulator.seen).to.be.empty;
    mend();
    await filter('');
    expect(emulator.seen).to.have.length(1);
  });

  it('fails no other action', async () => {
    gateway.fail({ service: 'logs', action: 'TagResource', status: 400, code: 'ThrottlingException' });
    gateway.fail({ service: 'iam', action: 'PutSubscriptionFilter', status: 400, code: 'ThrottlingException' });
    await filter('');
  });

  it('passes on filter patterns of bare words', async () => {
    for (const pattern of ['', 'ERROR', 'out of stock']) await filter(pattern);
    expect(emulator.seen).to.have.length(3);
  });

  it('refuses filter patterns that the emulator would take and never match', async () => {
    for (const pattern of ['{ $.level = "error" }', '?ERROR ?WARN', '-DEBUG', '"quoted"', '[a, b]', '%re%'])
      expect(await filter(pattern).catch(nameOf), pattern).to.equal('InvalidParameterException');
    expect(emulator.seen).to.be.empty;
  });

  describe('with a function whose failures go to a bucket', () => {
    let results: Answer[];
    let bucket: Answer;

    beforeEach(() => {
      results = [];
      bucket = {};
      answer = ({ method, path, body }) => {
        if (path.endsWith('/event-invoke-config')) {
          const DestinationConfig = { OnFailure: { Destination: 'arn:aws:s3:::kept' } };
          return { body: JSON.stringify({ FunctionArn: 'arn:f', MaximumRetryAttempts: 1, DestinationConfig }) };
        }
        if (path.endsWith('/invocations')) return results.shift() ?? { status: 500 };
        if (path.endsWith('/configuration')) return { body: '{"Role":"arn:aws:iam::123456789012:role/r"}' };
        if (body.includes('Action=AssumeRole')) return { body: SESSION };
        return method === 'PUT' ? bucket : { body: '<ListBucketResult/>' };
      };
    });

    const failed = { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"no"}' };
    const invocations = () => emulator.seen.filter(({ path }) => path.endsWith('/invocations'));
    const outcome = () => eventually('the outcome', async () => gateway.outcomes[0]);

    it('accepts, calls the function and is content when it succeeds', async () => {
      results = [{ body: 'null' }];
      expect((await invoke('f')).StatusCode).to.equal(202);
      expect(await outcome()).to.deep.equal({ kind: 'succeeded' });
      expect(invocations().map(({ body }) => body)).to.deep.equal(['{"a":1}']);
    });

    it('calls it again when it fails', async () => {
      results = [failed, { body: 'null' }];
      await invoke('f');
      expect(await outcome()).to.deep.equal({ kind: 'succeeded' });
      expect(invocations()).to.have.length(2);
    });

    it("writes the record with the rights of the function's role when it keeps failing", async () => {
      results = [failed, failed];
      await invoke('f');
      const { kind } = await outcome();
      expect(kind).to.equal('recorded');
      expect(invocations()).to.have.length(2);
      const put = emulator.seen.at(-1);
      expect(put?.path).to.match(
        /^\/kept\/aws\/lambda\/async\/f\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[\da-f-]{36}/,
      );
      expect(put?.headers.authorization).to.include('Credential=ROLE/');
      expect(JSON.parse(put?.body ?? '')).to.deep.include({
        requestPayload: { a: 1 },
        responsePayload: { errorMessage: 'no' },
      });
    });

    it('loses the event when the role may not write, as Lambda does, and says why', async () => {
      results = [failed, failed];
      bucket = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>not allowed</Message></Error>' };
      await invoke('f');
      expect(await outcome()).to.deep.equal({ kind: 'lost', reason: 'AccessDenied: not allowed' });
    });
  });

  it('leaves asynchronous invocations of other functions to the emulator', async () => {
    answer = ({ path }) => ({ status: path.endsWith('/invocations') ? 202 : 404, body: '{}' });
    expect((await invoke('f')).StatusCode).to.equal(202);
    expect(emulator.seen.at(-1)?.headers['x-amz-invocation-type']).to.equal('Event');
    expect(gateway.outcomes).to.be.empty;
  });
});

const SESSION = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

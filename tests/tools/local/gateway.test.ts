import type { IncomingHttpHeaders } from 'node:http';
import {
  CloudWatchLogsClient,
  PutSubscriptionFilterCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { ACCOUNT, clientConfig } from '../../../tools/local/account.ts';
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
    answer = ({ headers }) => ({ body: isAbout('DescribeLogGroups', headers) ? STANDARD_GROUP : '{}' });
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

  const tag = (config = clientConfig(endpoint)) =>
    new CloudWatchLogsClient(config).send(new TagResourceCommand({ resourceArn: 'a', tags: { key: 'value' } }));

  const nameOf = (error: Error) => error.name;
  /** What the emulator saw of an action. */
  const seen = (action: string) => emulator.seen.filter(({ headers }) => isAbout(action, headers));

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

  it('tells how long an object is that only its head is asked for', async () => {
    answer = () => ({ headers: { 'content-length': '12' } });
    const response = await fetch(`${endpoint}/bucket/key`, { method: 'HEAD' });
    expect(response.headers.get('content-length')).to.equal('12');
  });

  it('says that it is a gateway when the emulator does not answer', async () => {
    await emulator.stop();
    expect((await fetch(endpoint)).status).to.equal(502);
  });

  it('records service, action, caller and status of each call', async () => {
    await tag();
    answer = () => ({ status: 400, headers: { 'x-amzn-errortype': 'LimitExceededException' }, body: '{}' });
    await tag(ofSession(endpoint)).catch(nameOf);
    const call = { service: 'logs', action: 'TagResource', parameters: [] };
    expect(gateway.calls).to.deep.equal([
      { ...call, principal: 'root', accessKey: ACCOUNT, status: 200 },
      { ...call, principal: 'role', accessKey: 'ASIASESSION', status: 400 },
    ]);
  });

  describe('with faults', () => {
    const fault = { service: 'logs', action: 'TagResource', status: 400, code: 'ThrottlingException' };

    /** How this many calls end, one after the other. */
    async function endsOf(calls: number): Promise<readonly string[]> {
      const ends: string[] = [];
      for (let call = 0; call < calls; call++) ends.push(await tag().then(() => 'done', nameOf));
      return ends;
    }

    it('fails calls, until the fault is mended', async () => {
      const mend = gateway.fail(fault);
      expect(await endsOf(2)).to.deep.equal([fault.code, fault.code]);
      expect(emulator.seen).to.be.empty;
      mend();
      expect(await endsOf(1)).to.deep.equal(['done']);
    });

    it('fails no other action, and no other caller', async () => {
      gateway.fail({ ...fault, action: 'UntagResource' });
      gateway.fail({ ...fault, service: 'iam' });
      gateway.fail({ ...fault, principal: 'role' });
      gateway.fail({ ...fault, accessKey: 'ASIAOTHER' });
      expect(await endsOf(1)).to.deep.equal(['done']);
      expect(await tag(ofSession(endpoint)).catch(nameOf)).to.equal(fault.code);
    });

    it('fails the call of a number only', async () => {
      gateway.failNth(2, fault);
      expect(await endsOf(3)).to.deep.equal(['done', fault.code, 'done']);
    });

    it('counts all calls where none are named', async () => {
      gateway.failNth(2, { status: 400, code: 'ThrottlingException' });
      await filter('');
      expect(await endsOf(2)).to.deep.equal(['ThrottlingException', 'done']);
    });

    it('fails all calls from a number on', async () => {
      gateway.failFrom(2, fault);
      expect(await endsOf(3)).to.deep.equal(['done', fault.code, fault.code]);
    });

    it('cuts the connection before a call', async () => {
      gateway.failNth(1, { cut: 'before' });
      expect(await endsOf(2)).to.deep.equal(['TimeoutError', 'done']);
      expect(emulator.seen).to.have.length(1);
      expect(gateway.calls.map(({ status }) => status)).to.deep.equal([0, 200]);
    });

    it('cuts the connection after a call was done', async () => {
      gateway.failNth(1, { cut: 'after' });
      expect(await endsOf(2)).to.deep.equal(['TimeoutError', 'done']);
      expect(emulator.seen).to.have.length(2);
    });

    it('speaks the language of S3 to S3', async () => {
      gateway.fail({ service: 's3', status: 503, code: 'SlowDown' });
      const s3 = new S3Client({ ...clientConfig(endpoint), forcePathStyle: true });
      const error = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })).catch(nameOf);
      expect(error).to.equal('SlowDown');
    });
  });

  describe('with quotas', () => {
    it('throttles what is above, until the limit is lifted', async () => {
      const lift = gateway.limit({ service: 'logs', action: 'TagResource', perSecond: 2 });
      const ends = await Promise.all(Array.from({ length: 10 }, () => tag().then(() => 'done', nameOf)));
      expect(ends).to.include('done');
      expect(ends).to.include('ThrottlingException');
      lift();
      await tag();
    });

    it("keeps AWS's, and none by itself", async () => {
      const puts = () => Promise.all(Array.from({ length: 12 }, () => filter('').then(() => 'done', nameOf)));
      expect(await puts()).not.to.include('ThrottlingException');
      gateway.keepQuotas();
      expect(await puts()).to.include('ThrottlingException');
    });
  });

  it('passes on filter patterns of bare words', async () => {
    for (const pattern of ['', 'ERROR', 'out of stock']) await filter(pattern);
    expect(seen('PutSubscriptionFilter')).to.have.length(3);
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

const STANDARD_GROUP = '{"logGroups":[{"logGroupName":"g","logGroupClass":"STANDARD"}]}';

function isAbout(action: string, headers: IncomingHttpHeaders): boolean {
  return String(headers['x-amz-target']).endsWith(`.${action}`);
}

/** Settings of an SDK client that acts as a role. */
function ofSession(endpoint: string) {
  const credentials = { accessKeyId: 'ASIASESSION', secretAccessKey: 's', sessionToken: 't' };
  return { ...clientConfig(endpoint), credentials };
}

const SESSION = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

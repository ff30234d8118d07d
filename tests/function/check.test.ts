import { expect } from 'chai';
import { check } from '../../function/check.ts';
import { CATALOGUE_KEY, encodeCatalogue } from '../../function/labels/catalogue.ts';
import { VERSION } from '../../function/version.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { type Script, type ScriptedLoki, startScriptedLoki } from '../support/scripted-loki.ts';
import { failure } from './failure.ts';
import { lambdaContext } from './lambda-context.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper';
const OWN = '/aws/lambda/loki-shipper-shipper';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki-AbCdEf';
const OBJECT = `${ENVIRONMENT.BUCKET}/${CATALOGUE_KEY}`;

/** What Loki 3.7 says to a push without streams (tests/e2e/commands.test.ts asks a real one). */
const NO_STREAM = { status: 422, body: 'error at least one valid stream is required for ingestion\n' };

describe('A check of the shipper', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  const started: ScriptedLoki[] = [];
  let loki: ScriptedLoki | undefined;
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(`arn:aws:logs:eu-central-1:123456789012:log-group:${OWN}`, {});
    aws.secrets.set(SECRET, 'user:secret-of-loki');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.stop()));
    await aws.stop();
  });

  const given = async (script: Script, more: Readonly<Record<string, string>> = {}) => {
    loki = await startScriptedLoki(script);
    started.push(loki);
    return { ...ENVIRONMENT, LOKI_URL: loki.url, LABEL_POLICY: POLICY, LOKI_BASIC_AUTH_ARN: SECRET, ...more };
  };
  const POLICY = JSON.stringify({ from_tags: [], static: {}, refresh_seconds: 60 });
  const checked = async (script: Script, more: Readonly<Record<string, string>> = {}) =>
    check(await given(script, more), FUNCTION);

  it('finds that all is well', async () => {
    const groups = new Map([['/a', {}]]);
    aws.objects.set(OBJECT, encodeCatalogue({ account: '123456789012', region: 'eu-central-1', groups }));
    const { version, now, loki: ofLoki, tags, bucket, catalogue } = await checked([NO_STREAM]);
    expect(version).to.equal(VERSION);
    expect(now).to.be.closeTo(Date.now(), 1000);
    expect(ofLoki).to.include({ error: null, status: 422, host: new URL(loki?.url ?? '').host });
    expect(ofLoki.clockSkewMs).to.be.closeTo(0, 1000);
    expect([tags.error, bucket.error, catalogue.error, catalogue.groups]).to.deep.equal([null, null, null, 1]);
    for (const { ms } of [ofLoki, tags, bucket, catalogue]) expect(ms).to.be.within(0, 10_000);
  });

  it('pushes nothing, with the credentials as they are now, and writes nothing', async () => {
    await checked([NO_STREAM]);
    expect(loki?.seen).to.have.length(1);
    const [push] = loki?.seen ?? [];
    expect(push).to.deep.include({ method: 'POST', path: '/loki/api/v1/push', body: Buffer.of(0) });
    expect(push?.headers).to.include({
      'content-type': 'application/x-protobuf',
      authorization: `Basic ${Buffer.from('user:secret-of-loki').toString('base64')}`,
    });
    expect(aws.actions).to.have.members(['GetSecretValue', 'ListTagsForResource', 'ListObjectsV2', 'GetObject']);
  });

  for (const [answer, said] of [
    [{ status: 204 }, null],
    [{ status: 200 }, null],
    [{ status: 200, body: '<html>Welcome</html>' }, 'did not take a push: status 200: <html>Welcome</html>.'],
    [{ status: 401, body: 'no org id' }, 'did not take a push: status 401: no org id.'],
    [{ status: 404, body: '404 page not found' }, 'did not take a push: status 404: 404 page not found.'],
    [{ status: 302 }, 'redirects are not followed, set loki_url to where it leads.'],
    [{ status: 422, body: 'something else' }, 'status 422: something else.'],
    [{ status: 500 }, 'did not take a push: status 500.'],
  ] as const)
    it(`${said ? 'says what Loki says' : 'is content'}: ${answer.status} ${'body' in answer ? answer.body : ''}`, async () => {
      const { loki: ofLoki } = await checked([answer]);
      expect(ofLoki.status).to.equal(answer.status);
      if (said === null) expect(ofLoki.error).to.equal(null);
      else
        expect(ofLoki.error)
          .to.match(/^Loki at 127\.0\.0\.1:\d+ did not take a push: /)
          .and.include(said);
    });

  it('says that Loki is not there', async () => {
    const { loki: ofLoki } = await checked(['reset']);
    expect(ofLoki).to.include({ status: null, clockSkewMs: null });
    expect(ofLoki.error).to.match(/^Loki at 127\.0\.0\.1:\d+ is unreachable: ECONNRESET\.$/);
  });

  it("measures how far Loki's clock is off", async () => {
    const ahead = { ...NO_STREAM, headers: { date: new Date(Date.now() + 90_000).toUTCString() } };
    expect((await checked([ahead])).loki.clockSkewMs).to.be.closeTo(90_000, 1000);
  });

  it('does not ask Loki without the credentials, and says which are missing', async () => {
    aws.secrets.delete(SECRET);
    const { loki: ofLoki } = await checked([NO_STREAM]);
    expect(ofLoki.error).to.include(SECRET).and.include('ResourceNotFoundException');
    expect(loki?.seen).to.deep.equal([]);
  });

  it('says what of AWS it may not use, and checks the rest', async () => {
    aws.failNext('ListTagsForResource', 'AccessDeniedException');
    aws.failNext('ListObjectsV2', 'AccessDenied');
    aws.failNext('GetObject', 'AccessDenied');
    const result = await checked([NO_STREAM]);
    expect(result.loki.error).to.equal(null);
    expect(result.tags.error).to.equal(`logs:ListTagsForResource failed with AccessDeniedException for ${OWN}.`);
    expect(result.bucket.error).to.equal(
      `s3:ListBucket failed with AccessDenied for s3://${ENVIRONMENT.BUCKET}/parked/.`,
    );
    expect(result.catalogue.error).to.equal(`s3:GetObject failed with AccessDenied for s3://${OBJECT}.`);
  });

  it('says that there is no catalogue, or that it is of no use', async () => {
    expect((await checked([NO_STREAM])).catalogue).to.include({ error: null, groups: null });
    aws.objects.set(OBJECT, Buffer.from('not gzip'));
    expect((await checked([NO_STREAM])).catalogue.error).to.include('is not valid gzip');
  });

  it('fails with all that is wrong with the settings', async () => {
    const env = await given([], { PARALLEL_PUSHES: 'many' });
    expect((await failure(check(env, FUNCTION))).message).to.include('PARALLEL_PUSHES must be');
  });

  it('is what the function answers to {"check":true}', async () => {
    Object.assign(process.env, await given([NO_STREAM]));
    const { handler } = await import('../../function/shipper.ts');
    const result = await handler({ check: true }, lambdaContext('loki-shipper-shipper'));
    expect(result).to.have.all.keys('version', 'now', 'loki', 'tags', 'bucket', 'catalogue');
  });
});

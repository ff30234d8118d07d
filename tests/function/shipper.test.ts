import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { encodeCatalogue } from '../../function/labels/catalogue.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { outputOf } from '../support/output.ts';
import { type ScriptedLoki, type Step, startScriptedLoki } from '../support/scripted-loki.ts';
import { readPush } from './delivery/loki-push.ts';
import { failure } from './failure.ts';
import { lambdaContext } from './lambda-context.ts';

const GROUP = '/aws/lambda/fun-checkout';
const ARN = `arn:aws:logs:eu-central-1:123456789012:log-group:${GROUP}`;
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:loki-AbCdEf';
const TENANT = 'arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant';
const POLICY = { from_tags: ['owner'], static: { env: 'prod' }, refresh_seconds: 300 };

const CATALOGUE = `${ENVIRONMENT.BUCKET}/registry/catalogue.ndjson.gz`;

function catalogue(owner: string, account = '123456789012'): Buffer {
  return encodeCatalogue({ account, region: 'eu-central-1', groups: new Map([[GROUP, { owner }]]) });
}

const DELIVERY = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: GROUP,
  logStream: 'a-stream',
  subscriptionFilters: ['loki-shipper'],
  logEvents: [{ id: '1', timestamp: Date.now(), message: 'card 4711 declined' }],
};
const CONTROL = { ...DELIVERY, messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs', logGroup: '', logStream: '' };

function event(delivery: object): unknown {
  return { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } };
}

let containers = 0;

describe('The shipper', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  const started: ScriptedLoki[] = [];
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(ARN, { owner: 'checkout', zone: 'a' });
    aws.secrets.set(SECRET, 'user:password');
    aws.parameters.set(TENANT, 'team-a');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((loki) => loki.stop()));
    await aws.stop();
  });

  /** A Loki and a fresh container of the function, set up for it. The fake of AWS puts the environment back. */
  async function given(script: readonly Step[] = [], environment: Readonly<Record<string, string>> = {}) {
    const loki = await startScriptedLoki(script);
    started.push(loki);
    Object.assign(process.env, ENVIRONMENT, {
      LOKI_URL: loki.url,
      LABEL_POLICY: JSON.stringify(POLICY),
      ...environment,
    });
    // A module that is imported under another address is another module, with a state of its own.
    const { handler } = (await import(
      `../../function/shipper.ts?${++containers}.ts`
    )) as typeof import('../../function/shipper.ts');
    /** What the invocations wrote, a line each. */
    const written: string[] = [];
    const invoke = async (delivery: object = DELIVERY, remainingMs?: number): Promise<unknown> => {
      const context = lambdaContext('loki-shipper-shipper', remainingMs);
      const { lines, result } = await outputOf(handler(event(delivery), context));
      written.push(...lines);
      return result();
    };
    return { loki, invoke, handler, written };
  }

  const pushes = (loki: ScriptedLoki) => loki.seen.map(({ body }) => readPush(body));

  it("brings the lines of a delivery to Loki under the labels of its log group's tags", async () => {
    const { loki, invoke } = await given();
    await invoke();
    expect(loki.seen.map(({ path }) => path)).to.deep.equal(['/loki/api/v1/push']);
    const [push] = pushes(loki);
    expect(push?.streams).to.have.length(1);
    expect(push?.streams[0]).to.deep.include({
      labels: `{service_name="fun-checkout", log_group="${GROUP}", account_id="123456789012", region="eu-central-1", env="prod", owner="checkout"}`,
    });
    expect(push?.streams[0]?.entries).to.have.length(1);
    expect(push?.streams[0]?.entries[0]).to.deep.include({
      line: 'card 4711 declined',
      structuredMetadata: [
        { name: 'log_stream', value: 'a-stream' },
        { name: 'zone', value: 'a' },
      ],
    });
  });

  it('reads the tags of a log group once, and keeps the connection to Loki', async () => {
    const { loki, invoke } = await given();
    for (let i = 0; i < 3; i++) await invoke();
    expect(aws.callsOf('ListTagsForResource').map(({ input }) => input)).to.deep.equal([{ resourceArn: ARN }]);
    expect(loki.seen.map(({ connection }) => connection)).to.deep.equal([1, 1, 1]);
  });

  it('authenticates with the secrets, which it reads in their own regions', async () => {
    const { loki, invoke } = await given([], { LOKI_BASIC_AUTH_ARN: SECRET, LOKI_TENANT_ARN: TENANT });
    for (let i = 0; i < 2; i++) await invoke();
    for (const { headers } of loki.seen)
      expect(headers).to.include({
        authorization: `Basic ${Buffer.from('user:password').toString('base64')}`,
        'x-scope-orgid': 'team-a',
      });
    expect(loki.seen).to.have.length(2);
    expect(aws.callsOf('GetSecretValue').map(({ region }) => region)).to.deep.equal(['us-east-1']);
    expect(aws.callsOf('GetParameter').map(({ region }) => region)).to.deep.equal(['eu-central-1']);
  });

  it('reads a secret anew that Loki refuses, and pushes again', async () => {
    const { loki, invoke } = await given([{ status: 204 }, { status: 401 }], { LOKI_BEARER_TOKEN_ARN: SECRET });
    aws.secrets.set(SECRET, 'old');
    await invoke();
    aws.secrets.set(SECRET, 'new');
    await invoke();
    expect(loki.seen.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('does nothing at a control message, however it is set up', async () => {
    const { loki, invoke } = await given([], { LOKI_URL: '', LABEL_POLICY: '' });
    expect(await invoke(CONTROL)).to.equal(undefined);
    expect([aws.calls, loki.seen]).to.deep.equal([[], []]);
  });

  it('tells a caller that waits what became of the lines', async () => {
    const { invoke } = await given();
    const long = { id: '2', timestamp: Date.now(), message: 'x'.repeat(262_145) };
    const old = { id: '3', timestamp: Date.now() - 200 * 3_600_000, message: 'old' };
    const result = await invoke({ ...DELIVERY, logEvents: [...DELIVERY.logEvents, long, old] });
    expect(result).to.deep.equal({
      received: 3,
      partsAdded: 1,
      stored: 3,
      filtered: 0,
      parked: { greater_than_max_sample_age: 1 },
    });
  });

  it('does nothing at a delivery without lines', async () => {
    const { loki, invoke } = await given();
    await invoke({ ...DELIVERY, logEvents: [] });
    expect([aws.calls, loki.seen]).to.deep.equal([[], []]);
  });

  it('fails each time with everything that is wrong with its settings', async () => {
    const { invoke } = await given([], { LOKI_URL: 'x', LABEL_POLICY: '{' });
    for (let i = 0; i < 2; i++)
      expect(`${await failure(invoke())}`).to.match(/^InvalidConfig: .*LOKI_URL must .*LABEL_POLICY must /);
  });

  it('fails at an event that is no delivery', async () => {
    const { handler } = await given();
    expect(await failure(handler({}, lambdaContext('loki-shipper-shipper')))).to.include({ name: 'NoDeliveryData' });
  });

  it('takes the tags from the catalogue, which it reads once, and asks for those of no log group', async () => {
    aws.objects.set(CATALOGUE, catalogue('of-the-catalogue'));
    const { loki, invoke, written } = await given();
    for (let i = 0; i < 2; i++) await invoke();
    expect(aws.calls).to.deep.equal([{ target: 'S3.GetObject', region: 'eu-central-1', input: { path: CATALOGUE } }]);
    for (const push of pushes(loki)) expect(push?.streams[0]?.labels).to.include('owner="of-the-catalogue"');
    expect(written.join()).not.to.match(/Catalogue|catalogue/);
  });

  it('looks the tags up, and counts, when the catalogue is of another account', async () => {
    aws.objects.set(CATALOGUE, catalogue('somebody', '210987654321'));
    const { loki, invoke, written } = await given();
    await invoke();
    expect(pushes(loki)[0]?.streams[0]?.labels).to.include('owner="checkout"');
    expect(JSON.parse(written.at(-1) ?? '')).to.include({
      CatalogueIgnored: 1,
      catalogueProblem:
        'InvalidCatalogue: The catalogue of log groups is of no use: it is of another account or region than 123456789012 in eu-central-1.',
    });
  });

  it('looks the tags up, and counts, when the catalogue cannot be read', async () => {
    aws.failNext('GetObject', 'AccessDenied');
    const { loki, invoke, written } = await given();
    await invoke();
    expect(loki.seen).to.have.length(1);
    expect(JSON.parse(written.at(-1) ?? '')).to.include({
      CatalogueReadsFailed: 1,
      catalogueProblem: `StorageFailed: s3:GetObject failed with AccessDenied for s3://${CATALOGUE}.`,
    });
  });

  it('ships nothing under other labels while the tags were never read, and does not ask again at once', async () => {
    const { loki, invoke } = await given();
    aws.failNext('ListTagsForResource', 'AccessDeniedException');
    expect(`${await failure(invoke())}`).to.equal(
      `TagsUnavailable: The tags of log group ${GROUP} cannot be read (AccessDeniedException): its lines are not shipped under other labels.`,
    );
    expect(await failure(invoke())).to.include({ name: 'TagsUnavailable' });
    expect(aws.callsOf('ListTagsForResource')).to.have.length(1);
    expect(loki.seen).to.deep.equal([]);
    const another = await given();
    await another.invoke();
    expect(another.loki.seen).to.have.length(1);
  });

  it('waits out a throttled look-up of tags', async () => {
    const { loki, invoke } = await given();
    aws.failNext('ListTagsForResource', 'ThrottlingException');
    await invoke();
    expect(loki.seen).to.have.length(1);
  });

  it('ships the lines of a log group that is no more without tags', async () => {
    aws.logGroups.clear();
    const { loki, invoke } = await given();
    await invoke();
    expect(pushes(loki)[0]?.streams[0]?.labels).to.match(/env="prod"}$/);
  });

  it('fails when Loki does not take the lines, without telling them', async () => {
    const { invoke } = await given([{ status: 404, body: 'page not found' }]);
    const error = await failure(invoke());
    expect(`${error}`).to.match(/^PushFailed: .*status 404: page not found/);
    expect(error.stack).to.equal(`${error}`);
    expect(`${error}`).not.to.include('4711');
  });

  it('fails before Lambda would end it when Loki does not answer', async () => {
    const { invoke } = await given(['stall']);
    const start = Date.now();
    expect(await failure(invoke(DELIVERY, 3_000))).to.include({ name: 'LokiUnreachable' });
    expect(Date.now() - start).to.be.below(3_000);
  });

  it('fails before Lambda would end it when AWS does not answer', async () => {
    const { invoke } = await given();
    for (let i = 0; i < 9; i++) aws.failNext('ListTagsForResource', 'stall');
    const start = Date.now();
    expect(await failure(invoke(DELIVERY, 1_500))).to.include({ name: 'OutOfTime' });
    expect(Date.now() - start).to.be.below(1_500);
  });

  it('writes one line of log: the record of the invocation', async () => {
    const { invoke, written } = await given();
    await invoke();
    written.splice(0); // The SDK may warn about the version of Node when it is loaded.
    await invoke();
    await invoke(CONTROL);
    await invoke({ ...DELIVERY, logEvents: [] });
    expect(written).to.have.length(1);
    expect(JSON.parse(written[0] ?? '')).to.include({
      FunctionName: 'loki-shipper-shipper',
      requestId: '0f1e2d3c',
      logGroup: GROUP,
      EntriesReceived: 1,
      EntriesStored: 1,
      Pushes: 1,
    });
  });

  it('writes the record of an invocation that fails as well', async () => {
    const { invoke, written } = await given([{ status: 404 }]);
    await failure(invoke());
    expect(JSON.parse(written.at(-1) ?? '')).to.include({ EntriesReceived: 1, EntriesStored: 0, EntriesOwed: 1 });
  });

  it('counts look-ups of tags that failed', async () => {
    const { invoke, written } = await given();
    aws.failNext('ListTagsForResource', 'AccessDeniedException');
    await failure(invoke());
    expect(JSON.parse(written.at(-1) ?? '')).to.include({ TagLookupsFailed: 1 });
  });

  it("does not ship the logs of the module's own functions, and says so once", async () => {
    const { loki, invoke, written } = await given();
    const own = { ...DELIVERY, logGroup: '/aws/lambda/loki-shipper-shipper' };
    for (let i = 0; i < 3; i++) await invoke(own);
    expect([aws.calls, loki.seen]).to.deep.equal([[], []]);
    const [warning, record] = written.map((line) => JSON.parse(line));
    expect(written).to.have.length(2);
    expect(warning).to.deep.equal({
      level: 'WARN',
      message:
        "Log group /aws/lambda/loki-shipper-shipper is loki-shipper's own, so its lines are not shipped: each would make another. Remove its subscription filter.",
      logGroup: '/aws/lambda/loki-shipper-shipper',
    });
    expect(record).to.include({ EntriesReceived: 1, EntriesFiltered: 1, EntriesStored: 0 });
  });
});

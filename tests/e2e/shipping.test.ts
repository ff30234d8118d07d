import { PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { Aws, deliveryOf } from './aws.ts';
import { cli } from './cli.ts';
import { wordsOf } from './configuration.ts';
import { Deployment, type Inputs, type Outputs } from './deployment.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const ORDERS = '/ecs/orders';
const NOISY = '/aws/lambda/fun-noisy';
const INTERNAL = '/aws/lambda/fun-internal-jobs';
const OTHER = '/aws/lambda/other';

const inputs = (loki: string, overrides: Inputs = {}): Inputs => ({
  loki_url: loki,
  log_groups: {
    [CHECKOUT]: { tags: { owner: 'checkout', sut: 'orders', language: 'python', 'cost-center': '42' } },
    [ORDERS]: { filter_pattern: 'ERROR' },
  },
  log_group_prefixes: ['/aws/lambda/fun-'],
  excluded_log_groups: [NOISY, '/aws/lambda/fun-internal-*'],
  log_group_tags: { location: REGION },
  labels: { from_tags: ['owner', 'sut', 'language', 'location'], static: { env: 'prod' }, refresh_seconds: 1 },
  timeout: 10,
  force_destroy: true,
  tags: { project: 'e2e' },
  ...overrides,
});

describe('loki-shipper, end to end', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;
  let deployment: Deployment;
  let outputs: Outputs;

  const lines = async (logql: string) => (await stack.loki.query(logql)).map(({ line }) => line);

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    for (const group of [INVOICE, ORDERS, NOISY, INTERNAL, OTHER]) await aws.createLogGroup(group);
    await aws.createLogGroup(CHECKOUT, { billing: 'theirs' });
    await aws.logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: CHECKOUT,
        filterName: 'theirs',
        filterPattern: '',
        destinationArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:theirs`,
      }),
    );
    deployment = new Deployment(stack, 'platform');
    await deployment.apply(inputs(stack.loki.url));
    outputs = await deployment.outputs();
  });

  after(() => stack?.stop());

  it('subscribes the listed and the prefixed log groups, less the excluded and its own', async () => {
    expect(Object.keys(outputs.log_groups)).to.have.members([CHECKOUT, INVOICE, ORDERS]);
    expect(await aws.filtersOf(CHECKOUT)).to.deep.equal({ 'loki-shipper': '', theirs: '' });
    expect(await aws.filtersOf(INVOICE)).to.deep.equal({ 'loki-shipper': '' });
    expect(await aws.filtersOf(ORDERS)).to.deep.equal({ 'loki-shipper': 'ERROR' });
    for (const group of [NOISY, INTERNAL, OTHER]) expect(await aws.filtersOf(group)).to.deep.equal({});
    for (const name of [outputs.shipper_function_name, outputs.registrar_function_name])
      expect(await aws.filtersOf(`/aws/lambda/${name}`)).to.deep.equal({});
  });

  it('has nothing to do on the second plan', async () => {
    expect(await deployment.plan()).to.equal('');
  });

  it('writes the metadata to the tags of the log groups and leaves the tags of others', async () => {
    const metadata = { owner: 'checkout', sut: 'orders', language: 'python', 'cost-center': '42', location: REGION };
    expect(await aws.tagsOf(CHECKOUT)).to.deep.equal({ ...metadata, billing: 'theirs' });
    expect(await aws.tagsOf(INVOICE)).to.deep.equal({ location: REGION });
  });

  it('brings a line to Loki under the labels that the outputs promise', async () => {
    await aws.log(CHECKOUT, 'stream-1', 'order 4711 paid');
    const group = outputs.log_groups[CHECKOUT];
    const found = await eventually('the line', async () => (await stack.loki.query(group?.logql ?? ''))[0]);
    expect(found.line).to.equal('order 4711 paid');
    expect(group?.labels).to.deep.equal({
      service_name: 'fun-checkout',
      log_group: CHECKOUT,
      account_id: ACCOUNT,
      region: REGION,
      env: 'prod',
      owner: 'checkout',
      sut: 'orders',
      language: 'python',
      location: REGION,
    });
    const { detected_level: _, ...labels } = found.labels;
    expect(labels).to.deep.equal({ ...group?.labels, log_stream: 'stream-1', billing: 'theirs', cost_center: '42' });
  });

  it('makes labels of the chosen tags only: other tags and the log stream do not select a stream', async () => {
    expect(await lines(`{log_group="${CHECKOUT}"} | cost_center="42" | log_stream="stream-1"`)).to.have.length(1);
    expect(await lines(`{log_group="${CHECKOUT}", cost_center="42"}`)).to.be.empty;
  });

  it("ships the lines that match a group's own filter pattern, and no others", async () => {
    await aws.log(ORDERS, 'task', 'fine', 'ERROR out of stock');
    await eventually('the line', async () => (await lines(`{log_group="${ORDERS}"}`)).length > 0);
    expect(await lines(`{log_group="${ORDERS}"}`)).to.deep.equal(['ERROR out of stock']);
  });

  it('shows a delivery that is repeated once, and two equal lines of one millisecond both', async () => {
    const timestamp = Date.now();
    const delivery = deliveryOf(INVOICE, [
      { id: '37000000000000000000000000000000000000000000000000000001', timestamp, message: 'same' },
      { id: '37000000000000000000000000000000000000000000000000000002', timestamp, message: 'same' },
      { id: '37000000000000000000000000000000000000000000000000000003', timestamp, message: 'last' },
    ]);
    for (let i = 0; i < 3; i++) expect(await aws.invoke(outputs.shipper_function_name, delivery)).to.equal(undefined);
    const shown = () => lines(`{log_group="${INVOICE}"} | log_stream="a-stream"`);
    expect(await eventually('the lines', async () => (await shown()).length > 0 && shown())).to.deep.equal([
      'same',
      'same',
      'last',
    ]);
  });

  it('keeps a payload that is no delivery in the bucket, and says what is wrong without its content', async () => {
    const payload = { awslogs: { data: Buffer.from('not gzip: secret-of-a-customer').toString('base64') } };
    await aws.invokeAsynchronously(outputs.shipper_function_name, payload);
    const record = await eventually('the record', async () =>
      (await aws.recordsOf(outputs.bucket)).find(({ responsePayload }) =>
        responsePayload.errorMessage.includes('not valid gzip'),
      ),
    );
    expect(record.requestPayload).to.deep.include(payload);
    expect(JSON.stringify(record.responsePayload)).not.to.include('secret-of-a-customer');
  });

  it('parks a line that is too old, with what is needed to store it, and stores the others', async () => {
    const [now, old] = [Date.now(), Date.now() - 200 * 3_600_000];
    const delivery = deliveryOf(INVOICE, [
      { id: '11', timestamp: old, message: 'from long ago' },
      { id: '12', timestamp: now, message: 'from now' },
    ]);
    for (let i = 0; i < 2; i++) expect(await aws.invoke(outputs.shipper_function_name, delivery)).to.equal(undefined);
    await eventually('the line', async () => (await lines(`{log_group="${INVOICE}"} |= "from now"`)).length > 0);
    const keys = await aws.keysOf(outputs.bucket, 'parked/');
    expect(keys).to.have.length(1);
    expect(keys[0]).to.include('/aws/lambda/fun-invoice/');
    const { code, out } = await cli(stack, 'replay', '--group', INVOICE, '--reason', 'greater_than_max_sample_age');
    expect(code).to.equal(1);
    expect(out).to.include('greater_than_max_sample_age: 1');
    expect(await aws.keysOf(outputs.bucket, 'parked/')).to.deep.equal(keys);
  });

  it('replays with one command what Lambda gave up on, and says what cannot be replayed', async () => {
    const group = '/aws/lambda/fun-replayed';
    const mend = stack.gateway.fail({
      service: 'logs',
      action: 'ListTagsForResource',
      status: 403,
      code: 'AccessDeniedException',
    });
    try {
      const before = stack.gateway.outcomes.length;
      const delivery = deliveryOf(group, [{ id: '21', timestamp: Date.now(), message: 'late but here' }]);
      await aws.invokeAsynchronously(outputs.shipper_function_name, delivery);
      const outcome = await eventually('the outcome', async () => stack.gateway.outcomes[before]);
      expect(outcome.kind).to.equal('recorded');
    } finally {
      mend();
    }
    const { code, out } = await cli(stack, 'replay', '--reason', 'failed_delivery', '--json');
    expect(code).to.equal(1);
    const { failed, ...result } = JSON.parse(out);
    expect(result).to.deep.include({ lines: 1, stored: 1, refused: {} });
    expect(failed).to.have.length(1); // The payload that is no delivery.
    expect(failed[0].error).to.include('not valid gzip');
    await eventually('the line', async () => (await lines(`{log_group="${group}"}`)).length > 0);
    expect(await aws.keysOf(outputs.bucket, 'aws/lambda/async/')).to.deep.equal([failed[0].key]);
  });

  it('does not ship the logs of its own functions, though somebody subscribed them by hand', async () => {
    const own = `/aws/lambda/${outputs.shipper_function_name}`;
    const delivery = deliveryOf(own, [{ id: '31', timestamp: Date.now(), message: 'its own' }]);
    expect(await aws.invoke(outputs.shipper_function_name, delivery)).to.equal(undefined);
    expect(await lines(`{log_group="${own}"}`)).to.be.empty;
  });

  it('changes the label of the next line when a tag changes in the input, and removes a tag that left it', async () => {
    const log_groups = {
      [CHECKOUT]: { tags: { owner: 'payments', sut: 'orders', language: 'python' } },
      [ORDERS]: { filter_pattern: 'ERROR' },
    };
    await deployment.apply(inputs(stack.loki.url, { log_groups }));
    expect(await aws.tagsOf(CHECKOUT)).to.deep.equal({
      owner: 'payments',
      sut: 'orders',
      language: 'python',
      location: REGION,
      billing: 'theirs',
    });
    await eventually('a line under the new label', async () => {
      await aws.log(CHECKOUT, 'stream-1', 'order 4712 paid');
      return (await lines(`{log_group="${CHECKOUT}", owner="payments"}`)).length > 0;
    });
    expect(await lines(`{log_group="${CHECKOUT}", owner="checkout"} |= "4711"`)).to.have.length(1);
  });

  it('does not take a change of tags for done that failed: every plan fails until it is repaired', async () => {
    const mend = stack.gateway.fail({
      service: 'logs',
      action: 'TagResource',
      status: 400,
      code: 'AccessDeniedException',
    });
    expect(await wordsOf(deployment.apply(inputs(stack.loki.url)))).to.include('AccessDeniedException');
    mend();
    const words = await wordsOf(deployment.plan());
    expect(words).to.include(CHECKOUT).and.to.include('terraform apply -replace=');
    await deployment.repair(`aws_lambda_invocation.log_group_tags["${CHECKOUT}"]`);
    expect(await aws.tagsOf(CHECKOUT)).to.deep.include({ owner: 'checkout', 'cost-center': '42', billing: 'theirs' });
  });

  it('fails the apply with the name of a log group that does not exist', async () => {
    const log_groups = { '/aws/lambda/not-there': { tags: { owner: 'nobody' } } };
    const words = await wordsOf(deployment.apply(inputs(stack.loki.url, { log_groups })));
    expect(words).to.match(/[Ll]og group "?\/aws\/lambda\/not-there"? does not exist/);
    await deployment.apply(inputs(stack.loki.url));
  });

  it('keeps the labels of a group while its tags cannot be read', async () => {
    const ship = async (message: string) => {
      const delivery = deliveryOf(CHECKOUT, [{ id: '1', timestamp: Date.now(), message }]);
      expect(await aws.invoke(outputs.shipper_function_name, delivery)).to.equal(undefined);
    };
    const failed = () =>
      stack.gateway.calls.some(({ action, status }) => action === 'ListTagsForResource' && status === 403);
    await ship('tags are read');
    const mend = stack.gateway.fail({
      service: 'logs',
      action: 'ListTagsForResource',
      status: 403,
      code: 'AccessDeniedException',
    });
    try {
      await eventually('a look-up that fails', async () => {
        await ship('still labelled');
        return failed();
      });
    } finally {
      mend();
    }
    await eventually('the line', async () => (await lines(`{owner="checkout"} |= "still labelled"`)).length > 0);
    expect(await lines(`{log_group="${CHECKOUT}", owner!="checkout"} |= "still labelled"`)).to.be.empty;
  });

  it('keeps a delivery that Loki does not take in the bucket, with its payload', async () => {
    await stack.loki.stop();
    const delivery = deliveryOf(CHECKOUT, [{ id: '1', timestamp: Date.now(), message: 'nobody listens' }]);
    await aws.invokeAsynchronously(outputs.shipper_function_name, delivery);
    const record = await eventually(
      'the record',
      async () =>
        (await aws.recordsOf(outputs.bucket)).find(({ responsePayload }) =>
          responsePayload.errorMessage.includes('unreachable'),
        ),
      90_000,
    );
    expect(record.requestPayload).to.deep.include(delivery);
    expect(JSON.stringify(record.responsePayload)).not.to.include('nobody listens');
  });

  it('removes its filters and tags on destroy, and nothing of others, though a log group is gone already', async () => {
    await aws.deleteLogGroup(ORDERS);
    await deployment.destroy();
    expect(await aws.filtersOf(CHECKOUT)).to.deep.equal({ theirs: '' });
    expect(await aws.filtersOf(INVOICE)).to.deep.equal({});
    expect(await aws.tagsOf(CHECKOUT)).to.deep.equal({ billing: 'theirs' });
    expect(await aws.tagsOf(INVOICE)).to.deep.equal({});
  });
});

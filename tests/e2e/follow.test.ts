import {
  CreateLogGroupCommand,
  PutSubscriptionFilterCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import type { Reconciliation } from '../../function/registry/answers.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { Aws, logGroupArn } from './aws.ts';
import { wordsOf } from './configuration.ts';
import { Deployment, type Inputs, type Outputs } from './deployment.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const BORN = '/aws/lambda/fun-born';
const OTHER = '/aws/lambda/other';
const FULL = '/aws/lambda/fun-full';

const inputs = (loki: string, overrides: Inputs = {}): Inputs => ({
  loki_url: loki,
  log_groups: { [CHECKOUT]: { tags: { owner: 'checkout' } } },
  log_group_prefixes: ['/aws/lambda/fun-'],
  log_group_tags: { location: REGION },
  labels: { from_tags: ['owner', 'location'], refresh_seconds: 1 },
  timeout: 10,
  ...overrides,
});

/** No run of the schedule comes in between. */
const QUIET: Inputs = { registrar_interval_minutes: 60 };

describe('Log groups that look after themselves', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;
  let deployment: Deployment;
  let outputs: Outputs;
  let original: Awaited<ReturnType<typeof whatIsThere>>;

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    await aws.createLogGroup(CHECKOUT, { billing: 'theirs' });
    await aws.createLogGroup(INVOICE, { owner: 'theirs' });
    await aws.createLogGroup(OTHER);
    await putForeignFilter(INVOICE, 'theirs');
    original = await whatIsThere();
    deployment = new Deployment(stack, 'platform');
    await deployment.apply(inputs(stack.loki.url, { registrar_interval_minutes: 1 }));
    outputs = await deployment.outputs();
  });

  after(() => stack?.stop());

  /** Filters and tags of all groups that are not the module's own. */
  async function whatIsThere() {
    const groups = [CHECKOUT, INVOICE, OTHER];
    return Promise.all(groups.map(async (group) => [group, await aws.filtersOf(group), await aws.tagsOf(group)]));
  }

  async function putForeignFilter(logGroupName: string, filterName: string): Promise<void> {
    const destinationArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:theirs`;
    await aws.logs.send(
      new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern: '', destinationArn }),
    );
  }

  /** A run of the registrar, as the schedule starts one. */
  const run = async () => (await aws.call(outputs.registrar_function_name, { action: 'reconcile' })) as Reconciliation;

  /** Has a function log until one of its lines is found. */
  const lineUnder = (group: string, labels: string) =>
    eventually(`a line of ${group} under {${labels}}`, async () => {
      const line = `line ${Math.random()}`;
      await aws.log(group, 'stream', line);
      return eventually(line, async () => (await stack.loki.query(`{${labels}} |= "${line}"`))[0], 3_000);
    });

  it('ships a group that is born after the apply within one run of the schedule, under its labels', async () => {
    await aws.createLogGroup(BORN, { owner: 'stock' });
    await eventually('the filter', async () => 'loki-shipper' in (await aws.filtersOf(BORN)), 90_000);
    expect(await aws.tagsOf(BORN)).to.deep.equal({ owner: 'stock', location: REGION });
    await lineUnder(BORN, `log_group="${BORN}", owner="stock", location="${REGION}"`);
    expect(await aws.filtersOf(OTHER)).to.deep.equal({});
  });

  it('has the next plan take it over as it is: nothing is changed, replaced or destroyed for it', async () => {
    expect(await deployment.changes()).to.deep.equal({
      [`aws_cloudwatch_log_subscription_filter.log_groups["${BORN}"]`]: ['create'],
      [`aws_lambda_invocation.log_group_tags["${BORN}"]`]: ['create'],
    });
    const calls = stack.gateway.calls.length;
    await deployment.apply(inputs(stack.loki.url, QUIET));
    const deleted = stack.gateway.calls.slice(calls).filter(({ action }) => /^(Delete|Untag)/.test(action));
    expect(deleted).to.be.empty;
    expect(await aws.filtersOf(BORN)).to.deep.equal({ 'loki-shipper': '' });
    expect(await aws.tagsOf(BORN)).to.deep.equal({ owner: 'stock', location: REGION });
    expect(await deployment.plan()).to.equal('');
    expect(await run()).to.deep.include({ ok: true, subscribed: [], unsubscribed: [], tagged: [], untagged: [] });
  });

  it('brings a tag that is changed by hand to the labels, and takes it from them when it is gone', async () => {
    const resourceArn = logGroupArn(BORN);
    await aws.logs.send(new TagResourceCommand({ resourceArn, tags: { owner: 'returns' } }));
    expect((await run()).ok).to.equal(true);
    await lineUnder(BORN, `log_group="${BORN}", owner="returns"`);
    await aws.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner'] }));
    expect((await run()).ok).to.equal(true);
    await lineUnder(BORN, `log_group="${BORN}", owner=""`);
  });

  it('ships a group that is deleted and created anew again, under its new labels', async () => {
    await aws.deleteLogGroup(BORN);
    expect(await run()).to.deep.include({ ok: true, problems: [] });
    await aws.createLogGroup(BORN, { owner: 'again' });
    expect((await run()).subscribed).to.deep.equal([BORN]);
    await lineUnder(BORN, `log_group="${BORN}", owner="again", location="${REGION}"`);
  });

  it('tells of a group that has no room for a filter, and lets neither runs nor applies fail by it', async () => {
    await aws.createLogGroup(FULL);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await putForeignFilter(FULL, name);
    const { ok, problems } = await run();
    expect(ok).to.equal(true);
    expect(problems.map(({ logGroup, problem }) => [logGroup, problem])).to.deep.equal([[FULL, 'filter_limit']]);
    expect(Object.keys(await aws.filtersOf(FULL))).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    await aws.deleteLogGroup(FULL);
  });

  it('refuses a plan that would ship more groups than max_log_groups, with their number', async () => {
    deployment.set(inputs(stack.loki.url, { ...QUIET, max_log_groups: 2 }));
    expect(await wordsOf(deployment.plan())).to.include('select 3 log groups, more than max_log_groups (2)');
  });

  it('fails an apply in which the registrar fails, with its reason, until the selection is applied anew', async () => {
    const narrower = inputs(stack.loki.url, { ...QUIET, excluded_log_groups: [INVOICE] });
    const mend = stack.gateway.fail({ service: 'logs', action: 'DescribeLogGroups', principal: 'role', ...DENIED });
    try {
      const words = await wordsOf(deployment.apply(narrower));
      expect(words)
        .to.include('DescribeLogGroups')
        .and.to.include('AccessDenied')
        .and.to.include('apply again after 60 minutes');
    } finally {
      mend();
    }
    expect(await wordsOf(deployment.plan())).to.include('apply again after 60 minutes');
    await deployment.apply(inputs(stack.loki.url, QUIET));
    expect(await deployment.plan()).to.equal('');
  });

  it('ships a group at its birth where a trail tells of it', async () => {
    await deployment.apply(inputs(stack.loki.url, { ...QUIET, follow_on_creation: true }));
    const end = stack.gateway.keepTrail();
    try {
      await aws.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/fun-twin' }));
      await aws.logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/other-twin' }));
      await eventually('the filter', async () => 'loki-shipper' in (await aws.filtersOf('/aws/lambda/fun-twin')));
    } finally {
      end();
    }
    expect(await aws.filtersOf('/aws/lambda/other-twin')).to.deep.equal({});
  });

  it('unsubscribes what a prefix found when the prefix leaves the input, and keeps what is listed', async () => {
    await deployment.apply(inputs(stack.loki.url, { ...QUIET, log_group_prefixes: [] }));
    for (const group of [BORN, '/aws/lambda/fun-twin']) {
      expect(await aws.filtersOf(group)).to.deep.equal({});
      expect(await aws.tagsOf(group)).not.to.have.property('location');
    }
    expect(await aws.filtersOf(INVOICE)).to.deep.equal({ theirs: '' });
    expect(await aws.filtersOf(CHECKOUT)).to.deep.equal({ 'loki-shipper': '' });
  });

  it('leaves everything as it was before when it is destroyed, with what the registrar subscribed', async () => {
    await deployment.apply(inputs(stack.loki.url, QUIET));
    await aws.createLogGroup('/aws/lambda/fun-late');
    expect((await run()).subscribed).to.deep.equal(['/aws/lambda/fun-late']);
    await deployment.destroy();
    expect(await whatIsThere()).to.deep.equal(original);
    for (const group of [BORN, '/aws/lambda/fun-twin', '/aws/lambda/fun-late'])
      expect(await aws.filtersOf(group)).to.deep.equal({});
    expect(await aws.tagsOf(BORN)).to.deep.equal({ owner: 'again' });
  });
});

const DENIED = { status: 400, code: 'AccessDeniedException' };

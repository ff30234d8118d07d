import { PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { LOG_GROUP_PERMISSIONS } from '../../tools/build-readme.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { AppStack } from './app-stack.ts';
import { Aws } from './aws.ts';
import { Configuration, wordsOf } from './configuration.ts';
import { Deployment, type Inputs, type Outputs } from './deployment.ts';

const SHARED = '/app/shared';
const LISTED = '/app/listed';
const API = '/aws/lambda/orders-api';
const WORKER = '/aws/lambda/orders-worker';
const OURS = 'loki-shipper';

describe('Stacks that attach their own log groups', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;
  let platform: Deployment;
  let outputs: Outputs;
  let example: Configuration;
  let first: AppStack;
  let second: AppStack;

  const platformInputs = (overrides: Inputs = {}): Inputs => ({
    loki_url: stack.loki.url,
    labels: { from_tags: ['owner'], refresh_seconds: 1 },
    registrar_interval_minutes: 60,
    timeout: 10,
    ...overrides,
  });
  const shared = (claimant: string, overrides: Inputs): Inputs => ({
    name: SHARED,
    create_log_group: false,
    claimant,
    ...overrides,
  });

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    await aws.createLogGroup(LISTED);
    await aws.createLogGroup(SHARED, { billing: 'theirs' });
    await aws.logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: SHARED,
        filterName: 'theirs',
        filterPattern: '',
        destinationArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:theirs`,
      }),
    );
    platform = new Deployment(stack, 'platform');
    example = Configuration.ofExample(stack, 'app-stack');
    [first, second] = [new AppStack(stack, 'first'), new AppStack(stack, 'second')];
  });

  after(() => stack?.stop());

  const reconcile = () => aws.call(outputs.registrar_function_name, { action: 'reconcile' });

  it('are told in one sentence that there is no shipper of the name', async () => {
    const words = await wordsOf(first.apply(shared('first', {})));
    expect(words).to.include(
      'There is no loki-shipper named loki-shipper in eu-central-1: apply its module there first, or set shipper to one that is there (none is).',
    );
    expect(words.match(/Error:/g)).to.have.length(1);
  });

  it('apply as the example does: a log group for each function is shipped from its first line on', async () => {
    await platform.apply(platformInputs({ log_groups: { [LISTED]: {} } }));
    outputs = await platform.outputs();
    await example.apply();
    for (const group of [API, WORKER]) {
      expect(await aws.filtersOf(group)).to.deep.equal({ [OURS]: '' });
      expect(await aws.tagsOf(group)).to.deep.equal({ owner: 'checkout', sut: 'orders', language: 'nodejs' });
    }
    await aws.log(API, 'stream', 'order 4711 paid');
    const queries = await example.output<Record<string, string>>('queries');
    const line = await eventually('the line', async () => (await stack.loki.query(queries['orders-api'] ?? ''))[0]);
    expect(line.labels).to.include({ log_group: API, owner: 'checkout', sut: 'orders' });
    expect(await example.plan()).to.equal('');
  });

  it('share a log group: one filter, the tags of both, and of a key that both set the value of who asked first', async () => {
    await first.apply(shared('first', { tags: { owner: 'first', sut: 'orders' } }));
    await second.apply(shared('second', { tags: { owner: 'second', language: 'go' }, filter_pattern: 'ERROR' }));
    expect(await aws.filtersOf(SHARED)).to.deep.equal({ [OURS]: '', theirs: '' });
    expect(await aws.tagsOf(SHARED)).to.deep.equal({
      billing: 'theirs',
      owner: 'first',
      sut: 'orders',
      language: 'go',
    });
    expect(await second.wantedBy()).to.deep.equal(['first', 'second']);
    expect([await first.plan(), await second.plan()]).to.deep.equal(['', '']);
  });

  it('change their tags, and take away only their own', async () => {
    await first.apply(shared('first', { tags: { owner: 'renamed' } }));
    expect(await aws.tagsOf(SHARED)).to.deep.equal({ billing: 'theirs', owner: 'renamed', language: 'go' });
  });

  it('do not take a change for done that failed: every plan fails until it is repaired', async () => {
    const mend = stack.gateway.fail({
      service: 'logs',
      action: 'TagResource',
      status: 400,
      code: 'AccessDeniedException',
    });
    try {
      const words = await wordsOf(first.apply(shared('first', { tags: { owner: 'refused' } })));
      expect(words).to.include('AccessDenied').and.to.include(SHARED);
    } finally {
      mend();
    }
    expect(await wordsOf(first.plan())).to.include("-replace='ADDRESS.aws_lambda_invocation.attachment'");
    await first.repair();
    expect(await first.plan()).to.equal('');
    expect(await aws.filtersOf(SHARED)).to.have.property(OURS);
  });

  it('stay attached after the registry was withdrawn and begun anew, from their next apply on', async () => {
    await platform.repair('aws_lambda_invocation.registry');
    expect(await aws.filtersOf(API)).to.deep.equal({});
    await example.apply();
    expect(await aws.filtersOf(API)).to.deep.equal({ [OURS]: '' });
    await first.apply(shared('first', { tags: { owner: 'first' } }));
    await second.apply(shared('second', { tags: { owner: 'second' }, filter_pattern: 'ERROR' }));
    expect(await aws.filtersOf(SHARED)).to.deep.equal({ [OURS]: '', theirs: '' });
  });

  it('leave a log group shipped for the others when they are destroyed, and as it was when the last one is', async () => {
    await first.destroy();
    expect(await aws.filtersOf(SHARED)).to.deep.equal({ [OURS]: 'ERROR', theirs: '' });
    expect(await aws.tagsOf(SHARED)).to.deep.equal({ billing: 'theirs', owner: 'second' });
    await second.destroy();
    expect(await aws.filtersOf(SHARED)).to.deep.equal({ theirs: '' });
    expect(await aws.tagsOf(SHARED)).to.deep.equal({ billing: 'theirs' });
  });

  it('keep a log group shipped that the platform no longer lists', async () => {
    await first.apply({ name: LISTED, create_log_group: false, claimant: 'first' });
    expect(await first.wantedBy()).to.deep.equal(['listed', 'first']);
    await platform.apply(platformInputs());
    await reconcile();
    expect(await aws.filtersOf(LISTED)).to.deep.equal({ [OURS]: '' });
    await first.destroy();
    expect(await aws.filtersOf(LISTED)).to.deep.equal({});
  });

  it('need no other permissions than those that the README of the module lists', async () => {
    const restricted = new AppStack(stack, 'restricted', { ...stack.provider, ...(await userWith('/app/restricted')) });
    const asked = { name: '/app/restricted', retention_in_days: 7, tags: { owner: 'restricted' } };
    await restricted.apply(asked);
    expect(await aws.filtersOf('/app/restricted')).to.deep.equal({ [OURS]: '' });
    await restricted.apply({ ...asked, retention_in_days: 0, tags: {} });
    expect(await restricted.plan()).to.equal('');
    await restricted.destroy();
  });

  /** A user who may do what the README lists, for a log group of this name. */
  async function userWith(name: string) {
    const iam = new IAMClient(stack.client);
    const UserName = 'deployer';
    const filledIn = (arn: string) => arn.replace('REGION', REGION).replace('ACCOUNT', ACCOUNT).replace('NAME', name);
    await iam.send(new CreateUserCommand({ UserName }));
    const Statement = LOG_GROUP_PERMISSIONS.map(({ actions, on }) => ({
      Effect: 'Allow',
      Action: actions,
      // MiniStack judges the look-up of parameters on no path: AWS takes the one that the README names.
      Resource: actions.includes('ssm:GetParametersByPath') ? '*' : on.map(filledIn),
    }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'deploy', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    return { access_key: AccessKey?.AccessKeyId, secret_key: AccessKey?.SecretAccessKey };
  }

  it('are unsubscribed with the platform, which leaves nothing', async () => {
    await platform.destroy();
    for (const group of [API, WORKER]) expect(await aws.filtersOf(group)).to.deep.equal({});
    expect(await aws.tagsOf(API)).to.deep.equal({});
  });

  it('can be destroyed after the shipper as the README says', async () => {
    for (const name of ['orders-api', 'orders-worker'])
      await example.must('state', 'rm', `module.log_group["${name}"].aws_lambda_invocation.attachment`);
    await example.destroy();
    await eventually('the log group gone', async () =>
      aws.filtersOf(API).then(
        () => false,
        () => true,
      ),
    );
  });
});

import { expect } from 'chai';
import { handler } from '../../function/registrar.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { failure } from './failure.ts';
import { lambdaContext } from './lambda-context.ts';

const GROUP = '/aws/lambda/x';
const ARN = `arn:aws:logs:eu-central-1:123456789012:log-group:${GROUP}`;

describe('The registrar', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(ARN, { billing: 'theirs' });
  });
  afterEach(() => aws.stop());

  /** Terraform's call; the provider adds `tf` to the input. */
  const invoke = (action: string, tags: object, before?: object, logGroup = GROUP) =>
    handler(
      { logGroup, tags, tf: { action, prev_input: before ? { logGroup, tags: before } : null } },
      lambdaContext('loki-shipper-registrar'),
    );

  it('writes, changes and removes tags as Terraform asks, and leaves those of others', async () => {
    const first = { owner: 'checkout', sut: 'orders' };
    const second = { owner: 'payments' };
    const result = { logGroup: GROUP, ok: true, error: null };

    expect(await invoke('create', first)).to.deep.equal({ ...result, tagged: first, untagged: [] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs', ...first });

    expect(await invoke('update', second, first)).to.deep.equal({ ...result, tagged: second, untagged: ['sut'] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs', ...second });

    expect(await invoke('delete', second, second)).to.deep.equal({ ...result, tagged: {}, untagged: ['owner'] });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs' });
  });

  it('changes nothing when it is called once more', async () => {
    await invoke('create', { owner: 'checkout' });
    aws.calls.length = 0;
    await invoke('create', { owner: 'checkout' });
    expect(aws.actions).to.deep.equal(['ListTagsForResource']);
  });

  it('waits out a throttled call', async () => {
    aws.failNext('TagResource', 'ThrottlingException');
    expect(await invoke('create', { owner: 'checkout' })).to.include({ ok: true });
    expect(aws.actions).to.deep.equal(['ListTagsForResource', 'TagResource', 'TagResource']);
  });

  it('fails with one sentence and no stack trace', async () => {
    const missing = await failure(invoke('create', {}, undefined, '/aws/lambda/y'));
    expect(missing).to.include({ name: 'LogGroupMissing' });
    expect(missing.stack).to.match(
      /^LogGroupMissing: Log group \/aws\/lambda\/y does not exist in eu-central-1: .*\.$/,
    );

    aws.failNext('TagResource', 'AccessDeniedException');
    const denied = await failure(invoke('create', { owner: 'checkout' }));
    expect(denied.stack).to.equal(
      'TaggingFailed: The tags of log group /aws/lambda/x could not be changed: logs:TagResource failed with AccessDeniedException.',
    );

    const invalid = await failure(invoke('read', {}));
    expect(invalid.stack).to.match(/^InvalidRequest: .*tf\.action must be create, update or delete\.$/);
    expect(aws.logGroups.get(ARN)).to.deep.equal({ billing: 'theirs' });
  });

  it('reports an update that fails as its result', async () => {
    aws.failNext('UntagResource', 'AccessDeniedException');
    aws.logGroups.set(ARN, { owner: 'checkout' });
    expect(await invoke('update', {}, { owner: 'checkout' })).to.deep.equal({
      logGroup: GROUP,
      ok: false,
      tagged: {},
      untagged: [],
      error:
        'The tags of log group /aws/lambda/x could not be changed: logs:UntagResource failed with AccessDeniedException.',
    });
  });

  it('removes nothing from a log group that is no more', async () => {
    aws.logGroups.clear();
    expect(await invoke('delete', { owner: 'checkout' })).to.include({ ok: true });
    expect(aws.actions).to.deep.equal(['ListTagsForResource']);
  });
});

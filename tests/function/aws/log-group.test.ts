import { expect } from 'chai';
import { nameOf } from '../../../function/aws/aws-error.ts';
import { logGroupTags } from '../../../function/aws/log-group.ts';
import { FakeAws } from '../../support/fake-aws.ts';

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper';
const ARN = 'arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/x';

describe('The tags of a log group', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(ARN, { owner: 'checkout', other: 'x' });
  });
  afterEach(() => aws.stop());

  const given = (maxAttempts = 1) => logGroupTags(FUNCTION, maxAttempts);
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'done',
      (error: unknown) => nameOf(error),
    );

  it('are read by the ARN of the group without `:*`, in the region and account of the function', async () => {
    expect(await given().read('/aws/lambda/x')).to.deep.equal({ owner: 'checkout', other: 'x' });
    expect(aws.calls).to.deep.equal([
      { target: 'Logs_20140328.ListTagsForResource', region: 'eu-central-1', input: { resourceArn: ARN } },
    ]);
  });

  it('are looked for in the partition of the function', async () => {
    const china = 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:x';
    aws.logGroups.set(china, { owner: 'cn' });
    const groups = logGroupTags('arn:aws-cn:lambda:cn-north-1:123456789012:function:f', 1);
    expect(await groups.read('x')).to.deep.equal({ owner: 'cn' });
  });

  it('are undefined when there is no such log group', async () => {
    expect(await given().read('/aws/lambda/y')).to.equal(undefined);
  });

  it('are written next to the others', async () => {
    await given().write('/aws/lambda/x', { owner: 'payments', sut: 'orders' });
    expect(aws.logGroups.get(ARN)).to.deep.equal({ owner: 'payments', other: 'x', sut: 'orders' });
    expect(aws.calls[0]).to.deep.equal({
      target: 'Logs_20140328.TagResource',
      region: 'eu-central-1',
      input: { resourceArn: ARN, tags: { owner: 'payments', sut: 'orders' } },
    });
  });

  it('are not written to a log group that does not exist', async () => {
    expect(await failure(given().write('/aws/lambda/y', { a: 'b' }))).to.equal('ResourceNotFoundException');
  });

  it('are removed by their keys', async () => {
    await given().remove('/aws/lambda/x', ['owner']);
    expect(aws.logGroups.get(ARN)).to.deep.equal({ other: 'x' });
    expect(aws.calls[0]).to.deep.equal({
      target: 'Logs_20140328.UntagResource',
      region: 'eu-central-1',
      input: { resourceArn: ARN, tagKeys: ['owner'] },
    });
  });

  it('are removed from a log group that does not exist', async () => {
    await given().remove('/aws/lambda/y', ['owner']);
    expect(aws.actions).to.deep.equal(['UntagResource']);
  });

  it('are read again when AWS says that it is too much, as often as allowed', async () => {
    aws.failNext('ListTagsForResource', 'ThrottlingException');
    expect(await given(2).read('/aws/lambda/x')).to.deep.equal({ owner: 'checkout', other: 'x' });
    aws.failNext('ListTagsForResource', 'ThrottlingException');
    expect(await failure(given(1).read('/aws/lambda/x'))).to.equal('ThrottlingException');
    expect(aws.calls).to.have.length(3);
  });

  for (const action of ['ListTagsForResource', 'TagResource', 'UntagResource'])
    it(`fail at once when ${action} is denied`, async () => {
      aws.failNext(action, 'AccessDeniedException');
      const groups = given(4);
      const calls = {
        ListTagsForResource: () => groups.read('/aws/lambda/x'),
        TagResource: () => groups.write('/aws/lambda/x', { a: 'b' }),
        UntagResource: () => groups.remove('/aws/lambda/x', ['a']),
      };
      expect(await failure(calls[action as keyof typeof calls]())).to.equal('AccessDeniedException');
      expect(aws.actions).to.deep.equal([action]);
    });

  it('fail when their time is over, in whichever attempt', async () => {
    for (let i = 0; i < 3; i++) aws.failNext('ListTagsForResource', 'stall');
    const start = Date.now();
    expect(await failure(given(3).read('/aws/lambda/x', AbortSignal.timeout(300)))).to.equal('TimeoutError');
    expect(Date.now() - start).to.be.below(1_500);
  });

  it('fail when AWS does not answer, long before Lambda would end the invocation', async () => {
    aws.failNext('ListTagsForResource', 'stall');
    const start = Date.now();
    expect(await failure(given(1).read('/aws/lambda/x'))).to.equal('ETIMEDOUT');
    expect(Date.now() - start).to.be.within(1_900, 5_000);
  });
});

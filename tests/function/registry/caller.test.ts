import { expect } from 'chai';
import { Caller, CallFailed, OutOfTime } from '../../../function/registry/caller.ts';
import { seeded } from '../../support/fake-account.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { failure } from '../failure.ts';

const PUT = 'logs:PutSubscriptionFilter';
const named = (name: string, message = '') => Object.assign(new Error(message), { name });

/** A caller, and a call that fails with these errors, then answers. */
function given(errors: readonly Error[], deadline = 240_000) {
  const clock = new VirtualClock(0, seeded(1));
  const caller = new Caller(clock, deadline);
  const left = [...errors];
  let calls = 0;
  const call = (action: Parameters<typeof caller.call>[0] = PUT) =>
    caller.call(action, '/a', async () => {
      calls++;
      const error = left.shift();
      if (error) throw error;
      return 'answer';
    });
  return { clock, caller, call, calls: () => calls };
}

describe('A call', () => {
  it('is answered', async () => {
    const { call, calls } = given([]);
    expect(await call()).to.equal('answer');
    expect(calls()).to.equal(1);
  });

  for (const name of ['ThrottlingException', 'ThrottledException', 'TooManyRequestsException'])
    it(`is made again and again while AWS says ${name}, ever more slowly`, async () => {
      const { call, clock } = given(Array.from({ length: 20 }, () => named(name)));
      expect(await call()).to.equal('answer');
      expect(clock.now()).to.be.within(40_000, 160_000);
    });

  it('is given up when there is no time left', async () => {
    const { call, clock } = given(Array.from({ length: 999 }, () => named('ThrottlingException')));
    expect(await failure(call())).to.be.instanceOf(OutOfTime);
    expect(clock.now()).to.be.at.most(240_000);
  });

  it('is given up after five refusals where there is another way', async () => {
    const { call, calls } = given(Array.from({ length: 9 }, () => named('ThrottledException')));
    const error = await failure(call('tag:GetResources'));
    expect(error).to.be.instanceOf(CallFailed).and.include({ reason: 'ThrottledException' });
    expect(calls()).to.equal(5);
  });

  for (const name of ['ETIMEDOUT', 'ECONNRESET', 'OperationAbortedException', 'ServiceUnavailableException'])
    it(`is made up to four times when it ends with ${name}`, async () => {
      expect(await given([named(name), named(name), named(name)]).call()).to.equal('answer');
      const { call, calls } = given(Array.from({ length: 9 }, () => named(name)));
      expect(await failure(call())).to.be.instanceOf(CallFailed);
      expect(calls()).to.equal(4);
    });

  it('waits for a permission that was just given', async () => {
    const error = named(
      'InvalidParameterException',
      'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
    );
    const { call, clock } = given(Array.from({ length: 9 }, () => error));
    expect(await call()).to.equal('answer');
    expect(clock.now()).to.be.within(9_000, 20_000);
  });

  for (const name of ['AccessDeniedException', 'InvalidParameterException', 'ResourceNotFoundException'])
    it(`fails at once with ${name}, in one sentence without AWS's words`, async () => {
      const { call, calls } = given([named(name, 'Words of AWS.')]);
      const error = await failure(call());
      expect(error.stack).to.equal(`CallFailed: logs:PutSubscriptionFilter failed with ${name} for /a.`);
      expect(calls()).to.equal(1);
    });

  it('of one kind does not wait for those of another', async () => {
    const { call, clock } = given([]);
    await Promise.all([call(), call('logs:DescribeSubscriptionFilters'), call('logs:DeleteSubscriptionFilter')]);
    expect(clock.now()).to.equal(0);
    await call();
    expect(clock.now()).to.be.above(450);
  });

  it('is not made after the deadline', async () => {
    const { caller, call, clock } = given([], 100);
    expect(caller.hasTime).to.equal(true);
    await clock.delay(101);
    expect(caller.hasTime).to.equal(false);
    expect(await failure(call())).to.be.instanceOf(OutOfTime);
  });
});

import { expect } from 'chai';
import { Caller } from '../../../function/registry/caller.ts';
import { discover } from '../../../function/registry/discover.ts';
import { FakeAccount } from '../../support/fake-account.ts';
import { failure } from '../failure.ts';

function given(count: number) {
  const fake = new FakeAccount();
  for (let i = 0; i < count; i++) fake.create(`/${i}`);
  const { account } = fake.session();
  const caller = new Caller(fake.clock, fake.clock.now() + 240_000);
  return { fake, find: (before: number) => discover(account, caller, before) };
}

describe('Discovery', () => {
  it('says of up to 1,000 log groups when they were created', async () => {
    const { fake, find } = given(1_000);
    const found = await find(1_000);
    expect(found.size).to.equal(1_000);
    expect(found.get('/7')).to.deep.equal({
      name: '/7',
      logClass: 'STANDARD',
      createdAt: fake.groups.get('/7')?.createdAt,
    });
    expect(fake.counts).to.deep.equal({ 'logs:DescribeLogGroups': 20 });
  }).timeout(10_000);

  it('lists more of them with a call for a thousand', async () => {
    const { fake, find } = given(1_001);
    expect((await find(1_001)).size).to.equal(1_001);
    expect(fake.counts).to.deep.equal({ 'logs:ListLogGroups': 2 });
  });

  it('notices that there are more than there were', async () => {
    const { fake, find } = given(1_001);
    expect((await find(0)).size).to.equal(1_001);
    expect(fake.counts).to.deep.equal({ 'logs:DescribeLogGroups': 20, 'logs:ListLogGroups': 2 });
  });

  it('is of no use when a part of it fails', async () => {
    const { fake, find } = given(100);
    fake.fault = (call) => (call === 1 ? 'denied' : undefined);
    expect((await failure(find(0))).message).to.equal('logs:DescribeLogGroups failed with AccessDeniedException.');
  });

  it('finds nothing in an account without log groups', async () => {
    expect((await given(0).find(0)).size).to.equal(0);
  });
});

import { expect } from 'chai';
import { nameOf } from '../../../function/aws/aws-error.ts';
import { taggedGroups } from '../../../function/aws/tagged-groups.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { failure } from '../failure.ts';

const arnOf = (name: string) => `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`;

describe('The tags of all log groups', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(arnOf('/a'), { owner: 'checkout', 'team:x': '' });
    aws.logGroups.set(arnOf('/b'), {});
    aws.logGroups.set(arnOf('/c'), { owner: 'payments' });
  });
  afterEach(() => aws.stop());

  it('are read for all groups that have some', async () => {
    const { groups, next } = await taggedGroups('eu-central-1')(null);
    expect([...groups]).to.deep.equal([
      ['/a', { owner: 'checkout', 'team:x': '' }],
      ['/c', { owner: 'payments' }],
    ]);
    expect(next).to.equal(null);
  });

  it('are read page by page', async () => {
    for (let i = 0; i < 100; i++) aws.logGroups.set(arnOf(`/many-${i}`), { owner: 'x' });
    const read = taggedGroups('eu-central-1');
    const first = await read(null);
    expect(first.groups.size).to.equal(100);
    expect((await read(first.next)).groups.size).to.equal(2);
    expect(aws.calls.map(({ input }) => input)).to.deep.equal([
      { ResourceTypeFilters: ['logs:log-group'], ResourcesPerPage: 100 },
      { ResourceTypeFilters: ['logs:log-group'], ResourcesPerPage: 100, PaginationToken: first.next },
    ]);
  });

  it('are asked for once, because who asks keeps to the rates', async () => {
    aws.failNext('GetResources', 'ThrottledException');
    expect(nameOf(await failure(taggedGroups('eu-central-1')(null)))).to.equal('ThrottledException');
    expect(aws.actions).to.deep.equal(['GetResources']);
  });
});

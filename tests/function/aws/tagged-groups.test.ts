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

  it('are read page by page', async () => {
    aws.logs.pageSize = 2;
    const read = taggedGroups('eu-central-1');
    const first = await read(null);
    expect([...first.groups]).to.deep.equal([
      ['/a', { owner: 'checkout', 'team:x': '' }],
      ['/b', {}],
    ]);
    const last = await read(first.next);
    expect([...last.groups]).to.deep.equal([['/c', { owner: 'payments' }]]);
    expect(last.next).to.equal(null);
    expect(aws.calls.map(({ input }) => input)).to.deep.equal([
      { ResourceTypeFilters: ['logs:log-group'], ResourcesPerPage: 100 },
      { ResourceTypeFilters: ['logs:log-group'], ResourcesPerPage: 100, PaginationToken: '2' },
    ]);
  });

  it('are asked for once, because who asks keeps to the rates', async () => {
    aws.failNext('GetResources', 'ThrottledException');
    expect(nameOf(await failure(taggedGroups('eu-central-1')(null)))).to.equal('ThrottledException');
    expect(aws.actions).to.deep.equal(['GetResources']);
  });
});

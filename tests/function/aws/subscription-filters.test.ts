import { expect } from 'chai';
import { nameOf } from '../../../function/aws/aws-error.ts';
import { subscriptionFilters } from '../../../function/aws/subscription-filters.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { failure } from '../failure.ts';

const ARN = 'arn:aws:logs:eu-central-1:123456789012:log-group:/a';
const SHIPPER = 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper';
const FILTER = { destination: SHIPPER, pattern: 'ERROR' };

describe('The subscription filters of a log group', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  const filters = () => subscriptionFilters('eu-central-1');
  beforeEach(async () => {
    aws = await FakeAws.start();
    aws.logGroups.set(ARN, {});
  });
  afterEach(() => aws.stop());

  it('are created, read by their whole name, changed and removed', async () => {
    aws.filters.set(ARN, [{ filterName: 'shipper-2', filterPattern: '', destinationArn: 'arn:other' }]);
    expect(await filters().read('/a', 'shipper')).to.equal(undefined);
    await filters().put('/a', 'shipper', FILTER);
    expect(await filters().read('/a', 'shipper')).to.deep.equal(FILTER);
    await filters().put('/a', 'shipper', { ...FILTER, pattern: '' });
    expect(await filters().read('/a', 'shipper')).to.deep.equal({ ...FILTER, pattern: '' });
    await filters().remove('/a', 'shipper');
    expect(aws.filters.get(ARN)?.map(({ filterName }) => filterName)).to.deep.equal(['shipper-2']);
  });

  const ON_NO_GROUP = {
    read: () => filters().read('/b', 'shipper'),
    put: () => filters().put('/b', 'shipper', FILTER),
    remove: () => filters().remove('/b', 'shipper'),
  };
  for (const [name, call] of Object.entries(ON_NO_GROUP))
    it(`are not there when there is no such log group: ${name}`, async () => {
      expect(nameOf(await failure(call()))).to.equal('ResourceNotFoundException');
    });

  it('are called for once, because who calls keeps to the rates', async () => {
    aws.failNext('PutSubscriptionFilter', 'ThrottlingException');
    expect(nameOf(await failure(filters().put('/a', 'shipper', FILTER)))).to.equal('ThrottlingException');
    expect(aws.actions).to.deep.equal(['PutSubscriptionFilter']);
  });
});

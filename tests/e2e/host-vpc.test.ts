import { DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { orSkip } from '../support/parts.ts';
import { Deployment } from './deployment.ts';

describe('A host with a VPC of its own', function () {
  this.timeout(600_000);
  let stack: Stack;
  let deployment: Deployment;

  before(async function () {
    stack = await orSkip(this, () => startStack(console.error, { ec2: true }));
    deployment = new Deployment(stack, 'platform');
  });

  after(() => stack?.stop());

  it('needs nothing but to be asked for; a second plan changes nothing', async () => {
    await deployment.apply({ loki_host: { create_vpc: true, final_snapshot: false } });
    expect(await deployment.plan()).to.equal('');
  });

  it('leaves no snapshot where none is wanted, and says so before', async () => {
    const { loki_host } = await deployment.outputs();
    expect(loki_host?.on_destroy).to.include(`destroys the data volume ${loki_host?.volume_id} with all that is on it`);
    await deployment.destroy();
    const Filters = [{ Name: 'volume-id', Values: [loki_host?.volume_id ?? ''] }];
    const { Snapshots } = await new EC2Client(stack.client).send(new DescribeSnapshotsCommand({ Filters }));
    expect(Snapshots).to.be.empty;
  });
});

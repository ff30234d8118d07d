import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { orSkip } from '../support/parts.ts';
import { Configuration, wordsOf } from './configuration.ts';

const HOST = 'module.loki_shipper.module.loki[0]';

describe('The host of Loki and Grafana', function () {
  this.timeout(900_000);
  let stack: Stack;
  let ec2: EC2Client;
  let example: Configuration;
  let subnet_id: string;
  let applied: Host;

  /** What the module says of it. */
  interface Host {
    readonly loki_url: string;
    readonly instance_id: string;
    readonly volume_id: string;
    readonly on_destroy: string;
  }

  before(async function () {
    stack = await orSkip(this, () => startStack(console.error, { ec2: true }));
    ec2 = new EC2Client(stack.client);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const place = { VpcId: Vpc?.VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: `${REGION}a` };
    const { Subnet } = await ec2.send(new CreateSubnetCommand(place));
    subnet_id = Subnet?.SubnetId ?? '';
    example = Configuration.ofExample(stack, 'loki-host');
    example.write('host.tf.json', { output: { host: { value: '${module.loki_shipper.loki_host}' } } });
    give({});
    await example.init();
  });

  after(() => stack?.stop());

  /** Has the example get these inputs. */
  function give(inputs: Readonly<Record<string, unknown>>): void {
    example.write('terraform.tfvars.json', { subnet_id, ...inputs });
  }

  const host = () => example.output<Host>('host');

  async function volume() {
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [applied.volume_id] }));
    return Volumes[0];
  }

  async function snapshots() {
    const Filters = [{ Name: 'volume-id', Values: [applied.volume_id] }];
    return (await ec2.send(new DescribeSnapshotsCommand({ Filters }))).Snapshots ?? [];
  }

  describe('is refused at plan', () => {
    /** What a plan says when the host is asked for with these inputs. */
    async function refusal(loki_host: Readonly<Record<string, unknown>>): Promise<string> {
      example.write('asked_override.tf.json', { module: { loki_shipper: { loki_host: { subnet_id, ...loki_host } } } });
      const words = await wordsOf(example.plan());
      example.write('asked_override.tf.json', {});
      return words;
    }

    it('in a subnet that is not there', async () => {
      const words = await refusal({ subnet_id: 'subnet-0123456789abcdef0' });
      expect(words).to.include('there is no subnet-0123456789abcdef0 in eu-central-1');
    });

    it('on an instance of a type that is not there, or not of arm64', async () => {
      expect(await refusal({ instance_type: 't4g.enormous' })).to.include('there is no t4g.enormous');
      expect(await refusal({ instance_type: 't3.medium' })).to.include('t3.medium is x86_64');
    });

    it('on an instance with too little memory', async () => {
      expect(await refusal({ instance_type: 't4g.micro' })).to.include('t4g.micro has 1024');
    });

    it('with a security group of another VPC', async () => {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
      const { GroupId = '' } = await ec2.send(
        new CreateSecurityGroupCommand({ GroupName: 'other', Description: 'Of another VPC', VpcId: Vpc?.VpcId }),
      );
      const words = await refusal({ shipper_security_group_ids: [GroupId] });
      expect(words).to.match(/must be security groups of vpc-\w+, the VPC of subnet_id; wrong: sg-\w+\./);
      expect(words).to.include(GroupId);
    });
  });

  it('is applied with a subnet, a size and a retention; a second plan changes nothing', async () => {
    await example.apply();
    applied = await host();
    expect(await example.plan()).to.equal('');
    const { Attachments = [] } = (await volume()) ?? {};
    expect(Attachments.map(({ InstanceId }) => InstanceId)).to.deep.equal([applied.instance_id]);
    expect(applied.loki_url).to.match(/^http:\/\/\d+\.\d+\.\d+\.\d+:3100$/);
  });

  it('has the tags of the module on all that takes tags', async () => {
    const untagged = (await example.resources())
      .filter(({ values }) => 'tags_all' in values)
      .filter(({ values }) => (values.tags_all as Record<string, string> | null)?.application !== 'loki-shipper');
    // An object takes ten tags at the most, so those of the host have none.
    expect(untagged.map(({ type }) => type).filter((type) => type !== 'aws_s3_object')).to.be.empty;
  });

  it('has the shipper in its network, with its credentials', async () => {
    const shipper = (await example.resources()).find(
      ({ address }) => address === 'module.loki_shipper.aws_lambda_function.shipper',
    );
    expect(shipper?.values.vpc_config).to.have.nested.property('[0].subnet_ids[0]', subnet_id);
    expect(shipper?.values.environment).to.have.nested.property('[0].variables.LOKI_URL', applied.loki_url);
    expect(shipper?.values.environment).to.have.nested.property('[0].variables.LOKI_BASIC_AUTH_ARN');
  });

  it('gets its volume back when the instance is replaced', async () => {
    await example.must('apply', '-auto-approve', `-replace=${HOST}.aws_instance.loki`);
    const { instance_id, volume_id } = await host();
    expect(instance_id).not.to.equal(applied.instance_id);
    expect(volume_id).to.equal(applied.volume_id);
    const { Attachments = [] } = (await volume()) ?? {};
    expect(Attachments.map(({ InstanceId }) => InstanceId)).to.deep.equal([instance_id]);
    expect(await example.plan()).to.equal('');
    applied = await host();
  });

  it('has its volume grow in place, and keeps lines longer, without a change of the instance', async () => {
    give({ volume_gb: 60, retention_days: 40 });
    const { [`${HOST}.aws_ebs_volume.data`]: grown, ...others } = await example.changes();
    expect(grown).to.deep.equal(['update']);
    expect(Object.keys(others)).not.to.be.empty;
    for (const [address, actions] of Object.entries(others)) {
      expect(address).to.match(/^module\.loki_shipper\.module\.loki\[0\]\.aws_s3_object\./);
      expect(actions).to.deep.equal(['update']);
    }
    await example.apply();
    expect(await volume()).to.include({ VolumeId: applied.volume_id, Size: 60 });
    expect(await example.plan()).to.equal('');
  });

  it('leaves a last snapshot when it is destroyed, and says so before', async () => {
    expect((await host()).on_destroy).to.include(`takes a last snapshot of the data volume ${applied.volume_id}`);
    expect(await snapshots()).to.be.empty;
    await example.destroy();
    const [snapshot, ...more] = await snapshots();
    expect(more).to.be.empty;
    expect(snapshot).to.include({ VolumeSize: 60, State: 'completed' });
    expect(snapshot?.Tags).to.deep.include({ Key: 'application', Value: 'loki-shipper' });
  });
});

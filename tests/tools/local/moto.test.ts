import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateInstanceProfileCommand, GetInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { ACCOUNT, clientConfig, REGION } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

const EC2 = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/${REGION}/ec2/aws4_request, SignedHeaders=host, Signature=0`;

describe('A gateway with moto', () => {
  let ministack: ScriptedEmulator;
  let moto: ScriptedEmulator;
  let answer: string;
  let gateway: Gateway;
  let config: ReturnType<typeof clientConfig>;

  beforeEach(async () => {
    // Which answer they give does not matter.
    answer = '';
    [ministack, moto] = await Promise.all([
      startScriptedEmulator(() => ({})),
      startScriptedEmulator(() => ({ body: answer })),
    ]);
    const port = await freePort();
    config = clientConfig(`http://127.0.0.1:${port}`);
    gateway = await Gateway.start(port, ministack.port, { moto: moto.port });
  });
  afterEach(() => Promise.all([gateway.stop(), ministack.stop(), moto.stop()]));

  /** Who was asked. */
  async function asked(work: Promise<unknown>): Promise<readonly string[]> {
    await work.catch(() => undefined);
    return Object.entries({ ministack, moto }).flatMap(([name, { seen }]) => (seen.length > 0 ? [name] : []));
  }

  const parameter = (Name: string) => new SSMClient(config).send(new GetParameterCommand({ Name }));
  const profile = { InstanceProfileName: 'host' };

  it('asks moto about EC2', async () => {
    expect(await asked(ec2({ Action: 'DescribeInstances' }))).to.eql(['moto']);
  });

  /** What the API of EC2 says. */
  async function ec2(parameters: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams(parameters);
    return (await fetch(config.endpoint, { method: 'POST', headers: { authorization: EC2 }, body })).text();
  }

  it('completes what moto says of an instance: its security groups, no public address, its recovery', async () => {
    const groups = '<groupSet><item><groupId>sg-1</groupId></item></groupSet>';
    const reservation = '<groupSet/>';
    answer = `${reservation}<item>${groups}<association/></item><name>x</name><groupSet/><metadataOptions>`;
    expect(await ec2({ Action: 'DescribeInstances' })).to.equal(
      `${reservation}<item>${groups}</item><name>x</name>${groups}<maintenanceOptions><autoRecovery>default</autoRecovery></maintenanceOptions><metadataOptions>`,
    );
  });

  it('has moto keep the description of a rule that names a security group', async () => {
    answer = '<item><securityGroupRuleId>sgr-1</securityGroupRuleId></item>';
    const rule = { 'IpPermissions.1.Groups.1.GroupId': 'sg-2', 'IpPermissions.1.Groups.1.Description': 'Loki & all.' };
    await ec2({ Action: 'AuthorizeSecurityGroupIngress', GroupId: 'sg-1', ...rule });
    expect(moto.seen).to.have.length(2);
    expect(Object.fromEntries(new URLSearchParams(moto.seen[1]?.body))).to.include({
      Action: 'ModifySecurityGroupRules',
      GroupId: 'sg-1',
      'SecurityGroupRule.1.SecurityGroupRuleId': 'sgr-1',
      'SecurityGroupRule.1.SecurityGroupRule.ReferencedGroupId': 'sg-2',
      'SecurityGroupRule.1.SecurityGroupRule.Description': 'Loki & all.',
    });
  });

  it('tells Terraform itself that an instance is monitored', async () => {
    expect(await ec2({ Action: 'MonitorInstances', 'InstanceId.1': 'i-1' })).to.include(
      '<instanceId>i-1</instanceId><monitoring><state>enabled</state></monitoring>',
    );
    expect(moto.seen).to.be.empty;
  });

  it('asks moto about alarms', async () => {
    expect(await asked(new CloudWatchClient(config).send(new DescribeAlarmsCommand({})))).to.eql(['moto']);
  });

  it('asks moto for the parameters of AWS itself, and MiniStack for all others', async () => {
    expect(await asked(parameter('/loki-shipper/loki-shipper'))).to.eql(['ministack']);
    expect(await asked(parameter('/aws/service/ami-amazon-linux-latest/x'))).to.eql(['ministack', 'moto']);
  });

  it('has both know an instance profile, of which MiniStack tells', async () => {
    const iam = new IAMClient(config);
    expect(await asked(iam.send(new GetInstanceProfileCommand(profile)))).to.eql(['ministack']);
    expect(await asked(iam.send(new CreateInstanceProfileCommand(profile)))).to.eql(['ministack', 'moto']);
  });
});

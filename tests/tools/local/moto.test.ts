import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateInstanceProfileCommand, GetInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { clientConfig } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

describe('A gateway with moto', () => {
  let ministack: ScriptedEmulator;
  let moto: ScriptedEmulator;
  let gateway: Gateway;
  let config: ReturnType<typeof clientConfig>;

  beforeEach(async () => {
    // Which answer they give does not matter.
    [ministack, moto] = await Promise.all([startScriptedEmulator(() => ({})), startScriptedEmulator(() => ({}))]);
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
    const authorization = `AWS4-HMAC-SHA256 Credential=${config.credentials.accessKeyId}/20260101/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=0`;
    const body = new URLSearchParams({ Action: 'DescribeInstances' });
    expect(await asked(fetch(config.endpoint, { method: 'POST', headers: { authorization }, body }))).to.eql(['moto']);
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

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { EXAMPLES } from '../../tools/examples.ts';
import { checkPlans, findCheckov, type Report } from '../../tools/local/checkov.ts';
import { EXCEPTIONS } from '../../tools/local/checkov-exceptions.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { Configuration } from '../e2e/configuration.ts';
import { orSkip } from '../support/parts.ts';
import { installations } from './log-group/refusals.ts';

/** What an example has to be told. */
const inputsOf = (subnet_id: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  complete: {
    vpc_id: 'vpc-1',
    vpc_cidr: '10.0.0.0/16',
    subnet_ids: ['subnet-1', 'subnet-2'],
    loki_tenant_arn: 'arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant',
    alarm_topic_arn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  },
  demo: { loki_url: 'http://127.0.0.1:3100' },
  'loki-host': { subnet_id },
});

describe('checkov on the plans of the examples', function () {
  this.timeout(600_000);
  let stack: Stack;
  let subnetId: string;
  let proxy: Server;
  let calls = 0;
  let report: Report;

  before(async function () {
    const checkov = await orSkip(this, () => findCheckov(console.error));
    stack = await orSkip(this, () => startStack(console.error, { ec2: true }));
    await buildSurroundings();
    const plans: string[] = [];
    for (const example of EXAMPLES) plans.push(await planOf(example));
    proxy = createServer().on('connect', refuse).on('request', refuse).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const named = `http://127.0.0.1:${port}`;
    report = await checkPlans(checkov, plans, stack.folder, { HTTP_PROXY: named, HTTPS_PROXY: named });
  });

  after(async () => {
    proxy?.close();
    await stack?.stop();
  });

  /** What the examples look up. */
  async function buildSurroundings(): Promise<void> {
    await new SecretsManagerClient(stack.client).send(
      new CreateSecretCommand({ Name: 'loki/basic-auth', SecretString: 'loki:secret' }),
    );
    const { Subnets = [] } = await new EC2Client(stack.client).send(new DescribeSubnetsCommand({}));
    subnetId = Subnets[0]?.SubnetId ?? '';
    const { names, values } = installations({ 'loki-shipper': 1 });
    await new SSMClient(stack.client).send(
      new PutParameterCommand({ Name: names[0], Value: values[0], Type: 'String' }),
    );
  }

  async function planOf(name: string): Promise<string> {
    const example = Configuration.ofExample(stack, name);
    example.write('terraform.tfvars.json', inputsOf(subnetId)[name] ?? {});
    await example.init();
    const file = join(stack.folder, `${name}.json`);
    writeFileSync(file, await example.planJson());
    return file;
  }

  function refuse(_: unknown, answer: { end(text?: string): void }): void {
    calls++;
    answer.end();
  }

  it('reads all of them, and calls nobody', () => {
    expect(report.unread).to.be.empty;
    expect(report.passed).to.be.above(100);
    expect(calls).to.equal(0);
  });

  it('finds nothing but what is excepted, with a reason', () => {
    const found = report.failed
      .filter(({ check, resource }) => !EXCEPTIONS.some((one) => one.check === check && one.of.test(resource)))
      .map(({ check, name, plan, resource }) => `${basename(plan, '.json')}: ${resource}: ${check} ${name}`);
    expect(found, found.join('\n')).to.be.empty;
  });

  for (const { check, of, reason } of EXCEPTIONS)
    it(`still finds ${check} of ${of.source}, which is excepted: ${reason}`, () => {
      expect(report.failed.some((failed) => failed.check === check && of.test(failed.resource))).to.equal(true);
    });
});

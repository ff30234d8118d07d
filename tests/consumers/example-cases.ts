import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { REGION } from '../../tools/local/account.ts';
import type { Configuration } from '../e2e/configuration.ts';
import type { Case } from './cases.ts';
import type { Consumer } from './consumer.ts';

/** Networks that were there before the examples, by account. */
const networks = new Map<string, { readonly vpc_id: string; readonly subnet_id: string }>();

async function makeNetwork({ account, client }: Consumer): Promise<void> {
  const ec2 = new EC2Client(client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const place = { VpcId: Vpc?.VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: `${REGION}a` };
  const { Subnet } = await ec2.send(new CreateSubnetCommand(place));
  networks.set(account, { vpc_id: Vpc?.VpcId ?? '', subnet_id: Subnet?.SubnetId ?? '' });
}

const networkOf = ({ account }: Consumer) => networks.get(account) ?? { vpc_id: '', subnet_id: '' };

/** Applies it, has the next plan find nothing to do, does something with it, and destroys it. */
async function comesAndGoes(example: Configuration, meanwhile = async () => {}): Promise<void> {
  await example.apply();
  expect(await example.plan()).to.equal('');
  await meanwhile();
  await example.destroy();
}

const LAMBDAS = [
  '/aws/lambda/fun-checkout',
  '/aws/lambda/fun-invoice',
  '/aws/lambda/fun-mail',
  '/aws/lambda/fun-noisy',
];
const makeLogGroups = async ({ aws }: Consumer) => {
  for (const name of LAMBDAS) await aws.createLogGroup(name, { billing: 'theirs' });
};

const LOKI_HOST: Case = {
  title: 'examples/loki-host',
  prepare: async (consumer) => {
    await makeNetwork(consumer);
    await makeLogGroups(consumer);
  },
  // As its output on_destroy says.
  leaves: ['snapshot of 50 GB'],
  run: (consumer) => comesAndGoes(consumer.example('loki-host', { subnet_id: networkOf(consumer).subnet_id })),
};

const DEMO: Case = {
  title: 'examples/demo, and examples/app-stack beside it',
  run: (consumer) => {
    const demo = consumer.example('demo', { loki_url: consumer.stack.loki.url });
    return comesAndGoes(demo, async () => {
      await comesAndGoes(consumer.example('app-stack'));
      expect(await demo.plan()).to.equal('');
    });
  },
};

const COMPLETE: Case = {
  title: 'examples/complete',
  prepare: async (consumer) => {
    await makeNetwork(consumer);
    await makeLogGroups(consumer);
    await new SecretsManagerClient(consumer.client).send(
      new CreateSecretCommand({ Name: 'loki/basic-auth', SecretString: '{"username":"u","password":"p"}' }),
    );
  },
  run: (consumer) => {
    const { vpc_id, subnet_id } = networkOf(consumer);
    const example = consumer.example('complete', {
      vpc_id,
      vpc_cidr: '10.0.0.0/16',
      subnet_ids: [subnet_id],
      loki_tenant_arn: `arn:aws:ssm:${REGION}:${consumer.account}:parameter/loki/tenant`,
      alarm_topic_arn: `arn:aws:sns:${REGION}:${consumer.account}:alarms`,
    });
    return comesAndGoes(example);
  },
};

const MINIMAL: Case = {
  title: 'examples/minimal',
  prepare: makeLogGroups,
  run: (consumer) =>
    comesAndGoes(consumer.example('minimal'), async () => {
      for (const group of LAMBDAS) expect(await consumer.aws.filtersOf(group)).to.deep.equal({ 'loki-shipper': '' });
    }),
};

export const EXAMPLE_CASES: readonly Case[] = [LOKI_HOST, DEMO, COMPLETE, MINIMAL];

import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import { clientConfig, REGION } from '../../tools/local/account.ts';
import { Aws } from '../e2e/aws.ts';
import { wordsOf } from '../e2e/configuration.ts';
import { shippedOnce } from './arrival.ts';
import type { Case } from './cases.ts';
import type { Consumer } from './consumer.ts';
import { sourceOf } from './git-source.ts';
import { inventoryOf } from './inventory.ts';

const GROUP = '/app/orders';

/** The account and the region beside a consumer's own. */
const otherPlaces = ({ account }: Consumer) => ({
  region: { account, region: 'eu-west-1' },
  account: { account: `9${account.slice(1)}`, region: REGION },
});

const PLACES: Case = {
  title: 'three instances in one stack, for two regions and two accounts, by provider aliases',
  prepare: async ({ aws }) => aws.createLogGroup(GROUP),
  async run(consumer) {
    const others = otherPlaces(consumer);
    const elsewhere = Object.values(others).map((place) => clientConfig(consumer.stack.endpoint, place));
    for (const client of elsewhere)
      await new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    const before = await Promise.all(elsewhere.map(inventoryOf));
    const call = { source: sourceOf(), loki_url: consumer.stack.loki.url, log_groups: { [GROUP]: {} } };
    const configuration = consumer.configuration({
      provider: {
        aws: [
          consumer.provider(),
          ...Object.entries(others).map(([alias, place]) => ({ alias, ...consumer.provider(place) })),
        ],
      },
      module: {
        here: call,
        other_region: { ...call, providers: { aws: 'aws.region' } },
        other_account: { ...call, providers: { aws: 'aws.account' } },
      },
    });
    await configuration.apply();
    expect(await configuration.plan()).to.equal('');
    for (const client of [consumer.client, ...elsewhere]) {
      const { region, credentials } = client;
      const labels = `account_id="${credentials.accessKeyId}", region="${region}", log_group="${GROUP}"`;
      await shippedOnce(consumer, new Aws({ client }), GROUP, `{${labels}}`);
    }
    await configuration.destroy();
    expect(await Promise.all(elsewhere.map(inventoryOf))).to.deep.equal(before);
  },
};

const COUNT: Case = {
  title: 'count = 0, then 1, then 0',
  prepare: async ({ aws }) => aws.createLogGroup(GROUP, { billing: 'theirs' }),
  async run(consumer) {
    const before = await inventoryOf(consumer.client);
    const configuration = consumer.configuration({
      variable: { ships: { type: 'number' } },
      module: {
        loki_shipper: {
          count: '${var.ships}',
          source: sourceOf(),
          loki_url: consumer.stack.loki.url,
          log_groups: { [GROUP]: { tags: { owner: 'orders' } } },
        },
      },
    });
    const ships = async (count: number) => {
      configuration.write('terraform.tfvars.json', { ships: count });
      await configuration.apply();
      expect(await configuration.plan()).to.equal('');
    };
    await ships(0);
    expect(await inventoryOf(consumer.client)).to.deep.equal(before);
    await ships(1);
    expect(await consumer.aws.filtersOf(GROUP)).to.deep.equal({ 'loki-shipper': '' });
    expect(await consumer.aws.tagsOf(GROUP)).to.deep.equal({ billing: 'theirs', owner: 'orders' });
    await ships(0);
  },
};

const DEPENDS_ON: Case = {
  title: 'depends_on: with listed log groups; with prefixes it is refused, and a reference to an attribute works',
  prepare: async ({ aws }) => aws.createLogGroup('/aws/lambda/fun-orders'),
  async run(consumer) {
    const call = { source: sourceOf(), loki_url: consumer.stack.loki.url };
    const prefixes = ['/aws/lambda/fun-'];
    const blocks = (module: Readonly<Record<string, unknown>>) => ({
      resource: { aws_cloudwatch_log_group: { orders: { name: GROUP }, mail: { name: '/app/mail' } } },
      module: {
        listed: {
          ...call,
          name: 'listed',
          log_groups: { [GROUP]: {} },
          depends_on: ['aws_cloudwatch_log_group.orders'],
        },
        prefixed: { ...call, name: 'prefixed', log_group_prefixes: prefixes, ...module },
      },
    });
    const depending = consumer.configuration(blocks({ depends_on: ['aws_cloudwatch_log_group.mail'] }));
    expect(await wordsOf(depending.apply())).to.match(
      /Invalid for_each argument.*module\.prefixed|module\.prefixed.*Invalid for_each argument/,
    );
    const referring = consumer.configuration(
      blocks({ log_groups: '${{ (aws_cloudwatch_log_group.mail.name) = {} }}' }),
    );
    await referring.apply();
    expect(await referring.plan()).to.equal('');
    expect(await consumer.aws.filtersOf(GROUP)).to.deep.equal({ listed: '' });
    for (const group of ['/app/mail', '/aws/lambda/fun-orders'])
      expect(await consumer.aws.filtersOf(group)).to.deep.equal({ prefixed: '' });
    await referring.destroy();
  },
};

export const MODULE_CASES: readonly Case[] = [PLACES, DEPENDS_ON, COUNT];

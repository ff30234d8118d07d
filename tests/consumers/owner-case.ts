import { expect } from 'chai';
import { shippedOnce } from './arrival.ts';
import type { Case } from './cases.ts';
import { sourceOf } from './git-source.ts';

const GROUPS = ['/app/orders', '/app/mail'];

/** The stack of a team that owns its log groups and their tags, and has two shippers for them. */
export const OWNER: Case = {
  title: 'for_each over two instances, in the stack that owns the log groups and their tags',
  async run(consumer) {
    const { aws, stack } = consumer;
    const configuration = consumer.configuration({
      locals: { teams: { orders: '/app/orders', mail: '/app/mail' } },
      resource: {
        aws_cloudwatch_log_group: {
          team: { for_each: '${local.teams}', name: '${each.value}', tags: { owner: '${each.key}' } },
        },
      },
      module: {
        loki_shipper: {
          for_each: '${local.teams}',
          source: sourceOf(),
          name: 'ship-${each.key}',
          loki_url: stack.loki.url,
          log_groups: '${{ (aws_cloudwatch_log_group.team[each.key].name) = {} }}',
          labels: { from_tags: ['owner'], refresh_seconds: 1 },
        },
      },
    });
    await configuration.apply();
    expect(await configuration.plan()).to.equal('');
    for (const group of GROUPS) {
      const team = group.split('/').at(-1) ?? '';
      expect(await aws.filtersOf(group)).to.deep.equal({ [`ship-${team}`]: '' });
      expect(await aws.tagsOf(group)).to.deep.equal({ owner: team });
      await shippedOnce(
        consumer,
        aws,
        group,
        `{log_group="${group}", owner="${team}", account_id="${consumer.account}"}`,
      );
    }
    await configuration.destroy();
  },
};

import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { parsePlan } from '../../cli/preview/plan.ts';
import { preview } from '../../cli/preview/preview.ts';
import { FOLDERS } from '../../main.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { reducePlan, steady } from '../cli/preview/reduce.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { cli } from './cli.ts';
import { Configuration } from './configuration.ts';
import type { Inputs } from './deployment.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const NOISY = '/aws/lambda/fun-noisy';
const ORDERS = '/ecs/orders';
const OTHER = '/ecs/other';

const INPUTS = {
  loki_url: 'https://loki.example.com',
  log_groups: {
    [CHECKOUT]: { tags: { owner: 'checkout', version: '1.4.2' } },
    [ORDERS]: { filter_pattern: 'ERROR' },
  },
  log_group_prefixes: ['/aws/lambda/fun-'],
  excluded_log_groups: [NOISY],
  log_group_tags: { location: 'eu-central-1' },
  labels: { from_tags: ['owner', 'location', 'version'], static: { env: 'prod' } },
  force_destroy: true,
};

describe('A preview, of real plans', function () {
  this.timeout(600_000);
  let stack: Stack;
  let platform: Configuration;
  let team: Configuration;

  /** Proves that the fixture of this name, from which the golden files are made, is what Terraform plans now. */
  async function isFixture(name: string, plan: Promise<string>): Promise<void> {
    const file = `tests/cli/preview/golden/plans/${name}.json`;
    const text = await plan;
    const reduced = reducePlan(text);
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, reduced);
    const report = preview(parsePlan(reduced, name));
    expect(report).to.deep.equal(preview(parsePlan(steady(text), name)));
    // Whatever the version of Terraform is.
    const { terraform } = report;
    expect(report).to.deep.equal({ ...preview(parsePlan(readFileSync(file, 'utf8'), name)), terraform });
  }

  async function configure(configuration: Configuration, blocks: Inputs): Promise<void> {
    configuration.write('main.tf.json', {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: stack.provider },
      ...blocks,
    });
    await configuration.init();
  }

  const installation = (overrides: Inputs = {}, blocks: Inputs = {}) =>
    configure(platform, {
      ...blocks,
      module: { loki_shipper: { source: platform.source(FOLDERS.shipper), ...INPUTS, ...overrides } },
    });

  /** What `terraform show -json` says of a plan. */
  async function planOf(configuration: Configuration, ...args: readonly string[]): Promise<string> {
    await configuration.must('plan', '-out=plan', ...args);
    return configuration.must('show', '-json', 'plan');
  }

  before(async function () {
    stack = await orSkip(this, startStack);
    const aws = new Aws(stack);
    for (const group of [CHECKOUT, INVOICE, NOISY, ORDERS, OTHER]) await aws.createLogGroup(group);
    platform = new Configuration(stack, 'platform');
    team = new Configuration(stack, 'team');
  });

  after(() => stack?.stop());

  it('of an installation', async () => {
    await installation();
    await isFixture('installed', planOf(platform));
    await platform.must('apply', 'plan');
  });

  it('of nothing', () => isFixture('unchanged', planOf(platform)));

  it('of changes that lose logs', async () => {
    await installation({
      loki_url: 'https://other.example.com',
      log_groups: {
        [CHECKOUT]: { tags: { owner: 'payments', version: '1.5.0' }, filter_pattern: '?ERROR ?WARN' },
        [ORDERS]: { filter_pattern: 'FATAL' },
      },
      excluded_log_groups: [INVOICE],
      labels: { from_tags: ['owner', 'location', 'version'] },
      lines: { too_long: 'cut' },
      reserved_concurrent_executions: 0,
      failed_delivery_retention_days: 30,
    });
    await isFixture('changed', planOf(platform));
  });

  it('of values that are known later, or sensitive', async () => {
    await installation(
      {
        log_groups: {
          [CHECKOUT]: {
            tags: { owner: '${terraform_data.later.id}' },
            filter_pattern: '${terraform_data.later.id}',
          },
          [ORDERS]: { tags: { owner: '${var.secret}' } },
          '${aws_cloudwatch_log_group.new.name}': {},
        },
      },
      {
        variable: { secret: { default: 'hush', sensitive: true } },
        resource: {
          terraform_data: { later: { input: 'later' } },
          aws_cloudwatch_log_group: { new: { name: '/ecs/new', tags: { owner: 'new' } } },
        },
      },
    );
    const plan = planOf(platform);
    await isFixture('hidden', plan);
    expect(JSON.stringify(preview(parsePlan(await plan, 'plan')))).to.not.include('hush');
  });

  it('of a function that is replaced', async () => {
    await installation();
    await isFixture('replaced', planOf(platform, '-replace=module.loki_shipper.aws_lambda_function.shipper'));
  });

  it('of a part', async () => {
    const filter = `module.loki_shipper.aws_cloudwatch_log_subscription_filter.log_groups["${CHECKOUT}"]`;
    await isFixture('targeted', planOf(platform, '-destroy', `-target=${filter}`));
  });

  it('of log groups that a stack attaches', async () => {
    await configure(team, {
      module: {
        functions: {
          source: team.source(FOLDERS.logGroup),
          for_each: { worker: { owner: 'team-a' }, mailer: { owner: 'team-b' } },
          name: '/aws/lambda/team-${each.key}',
          tags: '${each.value}',
          claimant: 'team',
        },
        other: { source: team.source(FOLDERS.logGroup), name: OTHER, create_log_group: false },
      },
    });
    await isFixture('attached', planOf(team));
    await team.must('apply', 'plan');
  });

  it('of log groups that a stack detaches', async () => {
    await configure(team, {
      module: {
        functions: {
          source: team.source(FOLDERS.logGroup),
          for_each: { worker: { owner: 'team-c' } },
          name: '/aws/lambda/team-${each.key}',
          tags: '${each.value}',
          filter_pattern: 'ERROR',
          claimant: 'team',
        },
      },
    });
    await isFixture('detached', planOf(team));
  });

  it('of log groups that are handed over to the registrar', async () => {
    await installation({ subscriptions_managed_by: 'registrar' });
    await isFixture('handed-over', planOf(platform));
    await platform.must('apply', 'plan');
  });

  it('of what the registrar is to ship', async () => {
    await installation({
      subscriptions_managed_by: 'registrar',
      log_groups: { [CHECKOUT]: { tags: { owner: 'checkout', version: '1.4.2' } } },
      log_group_prefixes: ['/aws/lambda/fun-c', '/aws/lambda/job-'],
      excluded_log_groups: [NOISY, '/aws/lambda/fun-*-old'],
      filter_pattern: 'ERROR',
    });
    await isFixture('selected', planOf(platform));
  });

  it('of the end, by the command line', async () => {
    await installation({ subscriptions_managed_by: 'registrar' });
    const plan = await planOf(platform, '-destroy');
    await isFixture('destroyed', Promise.resolve(plan));
    const file = `${stack.folder}/destroyed.json`;
    writeFileSync(file, plan);
    const { code, out, err } = await cli(stack, 'preview', file);
    expect({ code, err }).to.deep.equal({ code: 2, err: '' });
    expect(out).to.match(/^## Preview of loki-shipper\n\n\*\*Applying this plan would lose logs\.\*\*\n/);
  });
});

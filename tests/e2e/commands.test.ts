import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import type { CheckResult } from '../../function/check.ts';
import { REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { expectGolden, steady } from '../support/golden.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { cli, cliWith } from './cli.ts';
import { Deployment } from './deployment.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const ORDERS = '/ecs/orders';
const PAYMENTS = '/ecs/payments';
const FLOW = '/vpc/flow';

const SHIPPER = 'loki-shipper-shipper';
const REGISTRAR = 'loki-shipper-registrar';

describe('The commands status, attach, detach and doctor, end to end', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;

  /** What a command prints is what a golden file has, but for times, ids and addresses. */
  const expectOutput = (name: string, { out }: { readonly out: string }) =>
    expectGolden(`tests/e2e/golden/${name}.txt`, steady(out));
  const lines = async (logql: string) => (await stack.loki.query(logql)).map(({ line }) => line);
  const reconcile = () => aws.call(REGISTRAR, { action: 'reconcile' });
  const lokiEnv = () => ({ LOKI_ADDR: stack.loki.url });
  const findings = ({ out }: { readonly out: string }) =>
    (JSON.parse(out).findings as { check: string; level: string; finding: string }[]).filter(
      ({ level }) => level === 'warning' || level === 'problem',
    );

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    for (const group of [CHECKOUT, INVOICE, ORDERS, PAYMENTS, FLOW]) await aws.createLogGroup(group);
    await new Deployment(stack, 'platform').apply({
      loki_url: stack.loki.url,
      log_groups: {
        [CHECKOUT]: { tags: { owner: 'checkout', 'cost-center': '42' } },
        [FLOW]: { filter_pattern: 'REJECT' },
      },
      log_group_prefixes: ['/aws/lambda/fun-'],
      log_group_tags: { location: REGION },
      labels: { from_tags: ['owner', 'location'], static: { env: 'prod' } },
      timeout: 10,
      force_destroy: true,
    });
    await reconcile();
  });

  after(() => stack?.stop());

  describe('status', () => {
    before(async () => {
      const now = Date.now();
      const metric = (MetricName: string, Value: number, dimensions: Readonly<Record<string, string>>) => ({
        MetricName,
        Value,
        Timestamp: new Date(now - 5 * 60_000),
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      });
      const filter = { LogGroupName: CHECKOUT, DestinationType: 'Lambda', FilterName: 'loki-shipper' };
      // CloudWatch Logs does this by itself; MiniStack does not.
      await new CloudWatchClient(stack.client).send(
        new PutMetricDataCommand({
          Namespace: 'AWS/Logs',
          MetricData: [
            metric('IncomingLogEvents', 1234, { LogGroupName: CHECKOUT }),
            metric('IncomingBytes', 56_789, { LogGroupName: CHECKOUT }),
            metric('ForwardedLogEvents', 1230, filter),
          ],
        }),
      );
    });

    it('shows every log group with its labels and the figures of the last hour', async () => {
      const shown = await cli(stack, 'status');
      expect({ code: shown.code, err: shown.err }).to.deep.equal({ code: 0, err: '' });
      expectOutput('status', shown);
    });

    it('shows everything about one of them', async () => {
      expectOutput('status-of-one', await cli(stack, 'status', '--group', CHECKOUT));
    });

    it('promises the labels under which lines are in Loki', async () => {
      await aws.log(CHECKOUT, 'stream', 'as status says');
      const { groups } = JSON.parse((await cli(stack, 'status', '--json', '--no-metrics', '--group', CHECKOUT)).out);
      const promised = groups[0].labels as readonly { name: string; value: string }[];
      const selector = promised.map(({ name, value }) => `${name}="${value}"`).join(', ');
      await eventually('the line', async () => (await lines(`{${selector}} |= "as status says"`)).length === 1);
    });

    it('does without figures when it may not read them', async () => {
      const mend = stack.gateway.fail({ action: 'GetMetricData', status: 400, code: 'AccessDeniedException' });
      try {
        const { code, out } = await cli(stack, 'status');
        expect(code).to.equal(0);
        expect(out).to.include('Without figures of the last hour: cloudwatch:GetMetricData failed with AccessDenied');
      } finally {
        mend();
      }
    });
  });

  describe('attach and detach', () => {
    it('say what they would do, and do nothing, in a dry run', async () => {
      const shown = await cli(stack, 'attach', ORDERS, '--tag', 'owner=orders', '--dry-run');
      expect(shown.code).to.equal(0);
      expectOutput('attach-dry-run', shown);
      expect(await aws.filtersOf(ORDERS)).to.deep.equal({});
      expect(await aws.tagsOf(ORDERS)).to.deep.equal({});
    });

    it('ship a log group that no stack manages, under its labels, and refuse one that is not there', async () => {
      const shown = await cli(
        stack,
        'attach',
        ORDERS,
        '/ecs/gone',
        '--tag',
        'owner=orders',
        '--filter-pattern',
        'ERROR',
      );
      expect(shown.code).to.equal(1);
      expectOutput('attach', shown);
      expect(await aws.filtersOf(ORDERS)).to.deep.equal({ 'loki-shipper': 'ERROR' });
      expect(await aws.tagsOf(ORDERS)).to.include({ owner: 'orders' });
      await aws.log(ORDERS, 'task', 'fine', 'ERROR out of stock');
      await eventually('the line', async () => (await lines(`{log_group="${ORDERS}", owner="orders"}`)).length > 0);
      expect(await lines(`{log_group="${ORDERS}"}`)).to.deep.equal(['ERROR out of stock']);
    });

    it('ship all under a prefix, also those that are born later', async () => {
      const shown = await cli(stack, 'attach', '--prefix', '/ecs/pay', '--json');
      expect(JSON.parse(shown.out).targets[0]).to.deep.include({ kind: 'prefix', ok: true, subscribed: [PAYMENTS] });
      await aws.createLogGroup('/ecs/pay-back');
      await reconcile();
      expect(await aws.filtersOf('/ecs/pay-back')).to.deep.equal({ 'loki-shipper': '' });
    });

    it('are seen in status, beside what the module wants', async () => {
      await cli(stack, 'attach', CHECKOUT);
      expectOutput('status-of-claims', await cli(stack, 'status', '--no-metrics'));
    });

    it('take back what was attached, and leave the rest', async () => {
      const shown = await cli(stack, 'detach', ORDERS, CHECKOUT, '--prefix', '/ecs/pay');
      expect(shown.code).to.equal(0);
      expectOutput('detach', shown);
      for (const group of [ORDERS, PAYMENTS, '/ecs/pay-back']) expect(await aws.filtersOf(group)).to.deep.equal({});
      expect(await aws.filtersOf(CHECKOUT)).to.deep.equal({ 'loki-shipper': '' });
      expect(await aws.tagsOf(ORDERS)).to.not.have.property('owner');
    });
  });

  describe('doctor', () => {
    it('proves by an empty push, which stores nothing, that Loki lets the shipper in', async () => {
      const { loki } = (await aws.call(SHIPPER, { check: true })) as CheckResult;
      expect(loki).to.include({ error: null, status: 422, host: new URL(stack.loki.url).host });
      expect(loki.clockSkewMs).to.be.closeTo(0, 2000);
    });

    it('finds nothing wrong, and sends a line all the way', async () => {
      const shown = await cliWith(lokiEnv(), stack, 'doctor', '--probe-group', CHECKOUT);
      expectOutput('doctor', shown);
      expect({ code: shown.code, err: shown.err }).to.deep.equal({ code: 0, err: '' });
      expect(await lines(`{log_group="${CHECKOUT}"} |= "loki-shipper doctor: probe"`)).to.have.length(1);
    });

    it('believes the log of the shipper where nobody says how to read Loki', async () => {
      const { out } = await cli(stack, 'doctor', '--probe-group', CHECKOUT);
      expect(out).to.match(/^ok +probe +The shipper stored lines of \/aws\/lambda\/fun-checkout within \d+ s/m);
    });

    it('says that the shipper may not read tags', async () => {
      const mend = stack.gateway.fail({ action: 'ListTagsForResource', status: 400, code: 'AccessDeniedException' });
      const { code, out } = await cli(stack, 'doctor', '--json').finally(mend);
      expect(code).to.equal(1);
      expect(findings({ out }).map(({ finding }) => finding)).to.deep.equal([
        'logs:ListTagsForResource failed with AccessDeniedException for /aws/lambda/loki-shipper-shipper.',
      ]);
    });

    it('says that the shipper may not run', async () => {
      const reserve = (ReservedConcurrentExecutions: number) =>
        aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: SHIPPER, ReservedConcurrentExecutions }));
      await reserve(0);
      const { code, out } = await cli(stack, 'doctor', '--json').finally(() => reserve(10));
      expect(code).to.equal(1);
      expect(findings({ out }).map(({ finding }) => finding)).to.include(
        'loki-shipper-shipper may not run: reserved_concurrent_executions is 0, so all deliveries go to the bucket.',
      );
    });

    it('says that Loki is down', async () => {
      await stack.loki.stop();
      const { code, out } = await cli(stack, 'doctor', '--json');
      expect(code).to.equal(1);
      const [loki] = findings({ out }).filter(({ check }) => check === 'loki');
      expect(loki?.finding).to.match(/^Loki at 127\.0\.0\.1:\d+ is unreachable: ECONNREFUSED\.$/);
    });
  });

  describe('all of them', () => {
    it('put a log group first that is gone, and end with 1', async () => {
      await aws.deleteLogGroup(FLOW);
      await reconcile();
      const shown = await cli(stack, 'status', '--no-metrics');
      expect(shown.code).to.equal(1);
      expectOutput('status-of-a-group-that-is-gone', shown);
      const { out } = await cli(stack, 'doctor', '--json');
      expect(findings({ out }).map(({ finding }) => finding)).to.include(
        '1 log group is not shipped as wanted: /vpc/flow (missing).',
      );
    });

    it('say that there is no such installation', async () => {
      const { code, out, err } = await cli(stack, 'status', '--name', 'other');
      expect({ code, out }).to.deep.equal({ code: 3, out: '' });
      expect(err).to.equal(
        'error: other-registrar could not be called (ResourceNotFoundException): there is no such function: check --name, --region and --profile.\n',
      );
    });
  });
});

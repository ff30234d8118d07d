import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { FOLDERS } from '../../main.ts';
import { REGION } from '../../tools/local/account.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { type LokiProxy, startLokiProxy } from '../support/loki-proxy.ts';
import { orSkip } from '../support/parts.ts';
import { Aws, deliveryOf } from './aws.ts';
import { cli } from './cli.ts';
import { Configuration, changesOf } from './configuration.ts';
import type { Inputs, Outputs } from './deployment.ts';
import { type Earlier, earlierModule } from './earlier.ts';
import { Writer } from './writer.ts';

const CHECKOUT = '/aws/lambda/fun-checkout';
const INVOICE = '/aws/lambda/fun-invoice';
const ORDERS = '/ecs/orders';
const NOISY = '/aws/lambda/fun-noisy';
const SHIPPED = [CHECKOUT, INVOICE, ORDERS];

/** What both versions know. */
const inputs = (loki: string): Inputs => ({
  loki_url: loki,
  log_groups: {
    [CHECKOUT]: { tags: { owner: 'checkout', 'cost-center': '42' } },
    [ORDERS]: { filter_pattern: 'ERROR' },
  },
  log_group_prefixes: ['/aws/lambda/fun-'],
  excluded_log_groups: [NOISY],
  log_group_tags: { location: REGION },
  labels: { from_tags: ['owner', 'location'], static: { env: 'prod' }, refresh_seconds: 1 },
  timeout: 10,
  force_destroy: true,
});

/** Types of resources that hold data, or without which lines are lost. */
const NEEDED =
  /\.aws_(cloudwatch_log_group|cloudwatch_log_subscription_filter|ebs_volume|instance|lambda_function|lambda_function_event_invoke_config|lambda_invocation|lambda_permission|s3_bucket|s3_object|secretsmanager_secret)\./;

/** Calls that delete, unsubscribe or untag. */
const TAKES_AWAY =
  /^(DeleteSubscriptionFilter|DeleteLogGroup|UntagResource|DELETE \/(2015-03-31\/functions\/.+|[^/]+))$/;

describe('An upgrade', function () {
  this.timeout(300_000);
  let stack: Stack;
  let proxy: LokiProxy;
  let aws: Aws;
  let earlier: Earlier;
  let platform: Configuration;
  let installed: Outputs;
  let keptBefore: readonly string[];
  let writer: Writer;
  /** Log group → lines that are to be found there, written by the emulator's own deliveries. */
  const logged = new Map<string, readonly string[]>(SHIPPED.map((group) => [group, []]));

  const found = async (group: string) => (await stack.loki.query(`{log_group="${group}"}`)).map(({ line }) => line);
  const kept = async () => [
    ...(await aws.keysOf(installed.bucket, 'parked/')),
    ...(await aws.keysOf(installed.bucket, 'aws/lambda/async/')),
  ];

  const takenSince = (calls: number) =>
    stack.gateway.calls
      .slice(calls)
      .map(({ action }) => action)
      .filter((action) => TAKES_AWAY.test(action));

  /** Writes a configuration that has the module from a folder, which is all that an upgrade changes. */
  async function use(source: string): Promise<void> {
    platform.write('main.tf.json', {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0' } } },
      provider: { aws: stack.provider },
      module: { loki_shipper: { source, ...inputs(proxy.url) } },
      output: { all: { value: '${module.loki_shipper}' } },
    });
    await platform.init();
  }
  const useEarlier = () => use(`./${relative(join(stack.folder, 'platform'), earlier.module)}`);

  /** Has each log group get lines, and waits for them. */
  async function log(when: string): Promise<void> {
    for (const group of SHIPPED) {
      const lines = Array.from({ length: 10 }, (_, i) => `ERROR ${i} ${when}`);
      logged.set(group, [...(logged.get(group) ?? []), ...lines]);
      await aws.log(group, 'stream', ...lines);
    }
    for (const group of SHIPPED)
      await eventually(`the lines of ${group}`, async () => (await found(group)).includes(`ERROR 9 ${when}`));
  }

  /** A line that the proxy refuses is parked; a delivery that it does not let in is given up. */
  async function keepSome(): Promise<void> {
    const deliver = (line: string) => deliveryOf(INVOICE, [{ id: '11', timestamp: Date.now(), message: line }]);
    const letThrough = proxy.refuse(413);
    expect(await aws.invoke(installed.shipper_function_name, deliver('was parked'))).to.equal(undefined);
    letThrough();
    const letIn = proxy.refuse(401);
    await aws.invokeAsynchronously(installed.shipper_function_name, deliver('was given up'));
    await eventually('the record', async () => stack.gateway.outcomes.length === 1);
    letIn();
    keptBefore = await kept();
    expect(keptBefore).to.have.length(2);
  }

  before(async function () {
    stack = await orSkip(this, startStack);
    earlier = await orSkip(this, () => earlierModule(stack.folder));
    proxy = await startLokiProxy(stack.loki.url);
    aws = new Aws(stack);
    for (const group of [INVOICE, ORDERS, NOISY]) await aws.createLogGroup(group);
    await aws.createLogGroup(CHECKOUT, { billing: 'theirs' });
    platform = new Configuration(stack, 'platform');
    await useEarlier();
    await platform.apply();
    installed = await platform.output('all');
    await log('before');
    await keepSome();
    writer = new Writer(aws, installed.shipper_function_name, SHIPPED);
    writer.start();
  });

  after(async () => {
    await writer?.stop();
    await proxy?.stop();
    await stack?.stop();
  });

  it('is planned without taking anything away that holds data or ships lines', async () => {
    await use(platform.source(FOLDERS.shipper));
    const plan = await platform.planJson();
    writeFileSync(join(stack.folder, 'upgrade.json'), plan);
    const changes = Object.entries(changesOf(plan));
    const deleted = changes.filter(([address, actions]) => actions.includes('delete') && NEEDED.test(address));
    expect(deleted).to.be.empty;
    expect(changes.map(([address]) => address)).to.include('module.loki_shipper.aws_lambda_function.shipper');
  });

  it('loses no logs, says the preview of that plan', async () => {
    const { code, out, err } = await cli(stack, 'preview', join(stack.folder, 'upgrade.json'));
    expect({ code, err }, out).to.deep.equal({ code: 0, err: '' });
  });

  it('is applied while lines come, and each is in Loki once', async () => {
    const [calls, start] = [stack.gateway.calls.length, Date.now()];
    const linesBefore = writer.matching;
    await platform.must('apply', 'plan');
    const seconds = Math.round((Date.now() - start) / 1000);
    const meanwhile = writer.matching - linesBefore;
    await eventually('lines after it', async () => writer.matching >= linesBefore + meanwhile + 20);
    await writer.stop();
    expect(takenSince(calls)).to.be.empty;

    await eventually('all deliveries', async () => stack.gateway.outcomes.length === writer.matching + 1, 60_000);
    let [written, shown] = [0, 0];
    for (const [group, { matching, gaps }] of writer.written) {
      const expected = [...(logged.get(group) ?? []), ...matching].sort();
      const lines = await eventually(`the lines of ${group}`, async () => {
        const those = await found(group);
        return those.length >= expected.length && those;
      }).catch(() => found(group));
      expect(gaps, `times without a filter of ${group}`).to.equal(0);
      expect([...lines].sort(), group).to.deep.equal(expected);
      written += expected.length;
      shown += lines.length;
    }
    console.log(
      `      from ${earlier.version}: applied in ${seconds} s, in which ${meanwhile} lines came; in all ${written} written, ${shown} found, 0 twice`,
    );
  });

  it('leaves nothing to do, and each log group under its labels', async () => {
    expect(await platform.plan()).to.equal('');
    const { log_groups, reconciliation } = await platform.output<Outputs>('all');
    expect(reconciliation).to.deep.include({ ok: true, problems: [] });
    for (const group of SHIPPED)
      expect(log_groups[group]?.labels, group).to.deep.equal(installed.log_groups[group]?.labels);
    await log('after the upgrade');
  });

  it('finds what the bucket kept before it, and replays it', async () => {
    expect(await kept()).to.deep.equal(keptBefore);
    const { code, out, err } = await cli(stack, 'replay', '--json');
    expect(code, out + err).to.equal(0);
    expect(JSON.parse(out)).to.deep.include({ lines: 2, stored: 2, refused: {}, failed: [] });
    expect(await kept()).to.be.empty;
    await eventually('the lines', async () => (await found(INVOICE)).filter((line) => /^was /.test(line)).length === 2);
  });

  it('can be taken back: nothing is unsubscribed, and the earlier version ships on', async () => {
    await useEarlier();
    const [calls, start] = [stack.gateway.calls.length, Date.now()];
    await platform.must('apply', '-auto-approve');
    const seconds = Math.round((Date.now() - start) / 1000);
    expect(takenSince(calls)).to.be.empty;
    await log('after the way back');
    console.log(`      back to ${earlier.version}: applied in ${seconds} s`);
  });

  it('leaves log groups as they were when all is destroyed', async () => {
    await platform.destroy();
    for (const group of SHIPPED) expect(await aws.filtersOf(group)).to.deep.equal({});
    expect(await aws.tagsOf(CHECKOUT)).to.deep.equal({ billing: 'theirs' });
    expect(await aws.tagsOf(INVOICE)).to.deep.equal({});
  });
});

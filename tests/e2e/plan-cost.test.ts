import { expect } from 'chai';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { Deployment, type Inputs } from './deployment.ts';

const FEW = 20;
const MANY = 300;
/** Of these, AWS takes five a second from all callers of an account together. */
const SLOW = 'DescribeSubscriptionFilters';

const nameOf = (i: number) => `/aws/lambda/fun-${String(i).padStart(4, '0')}`;

describe('The cost of a plan', function () {
  this.timeout(900_000);
  let stack: Stack;
  let aws: Aws;
  let deployment: Deployment;
  let withFew: Cost;

  interface Cost {
    readonly calls: number;
    /** Of them, those that AWS takes slowly. */
    readonly slow: number;
    readonly seconds: number;
  }

  const inputs = (subscriptions_managed_by: 'terraform' | 'registrar'): Inputs => ({
    loki_url: stack.loki.url,
    log_group_prefixes: ['/aws/lambda/fun-'],
    subscriptions_managed_by,
    max_log_groups: MANY,
    // No run of the schedule comes in between.
    registrar_interval_minutes: 60,
  });

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    for (let i = 0; i < FEW; i++) await aws.createLogGroup(nameOf(i));
    deployment = new Deployment(stack, 'platform');
  });

  after(() => stack?.stop());

  /** Of a plan that has nothing to do. */
  async function costOfPlan(what: string): Promise<Cost> {
    const before = stack.gateway.calls.length;
    const start = performance.now();
    expect(await deployment.plan()).to.equal('');
    const seconds = (performance.now() - start) / 1_000;
    const calls = stack.gateway.calls.slice(before);
    const slow = calls.filter(({ action }) => action === SLOW).length;
    console.log(
      `      ${what}: ${calls.length} calls, ${seconds.toFixed(1)} s here; ${slow} ${SLOW}, on AWS ${slow / 5} s at the least`,
    );
    return { calls: calls.length, slow, seconds };
  }

  const subscribed = async (count: number) => {
    const filters = await Promise.all(Array.from({ length: count }, (_, i) => aws.filtersOf(nameOf(i))));
    return filters.filter((names) => 'loki-shipper' in names).length;
  };
  const deletedSince = (calls: number) =>
    stack.gateway.calls.slice(calls).filter(({ action }) => action === 'DeleteSubscriptionFilter').length;

  it('is paid once for all groups where the registrar subscribes, which tells what it did', async () => {
    await deployment.apply(inputs('registrar'));
    const { reconciliation } = await deployment.outputs();
    expect(reconciliation).to.deep.include({ ok: true, groups: FEW, remaining: 0, problems: [] });
    expect(reconciliation.subscribed).to.have.length(FEW);
    expect(await subscribed(FEW)).to.equal(FEW);
    withFew = await costOfPlan(`registrar, ${FEW} groups`);
    expect(withFew.slow).to.equal(0);
  });

  it('does not stand in the way of another manager: Terraform takes the groups over without a gap', async () => {
    const calls = stack.gateway.calls.length;
    await deployment.apply(inputs('terraform'));
    expect(deletedSince(calls)).to.equal(0);
    expect(await deployment.plan()).to.equal('');
  });

  it('nor of the way back, when Terraform forgets its filters first, as the runbook says', async () => {
    const calls = stack.gateway.calls.length;
    await deployment.forget('aws_cloudwatch_log_subscription_filter.log_groups');
    await deployment.apply(inputs('registrar'));
    expect(deletedSince(calls)).to.equal(0);
    expect(await subscribed(FEW)).to.equal(FEW);
  });

  it(`is the same for ${MANY} groups where the registrar subscribes`, async () => {
    for (let i = FEW; i < MANY; i++) await aws.createLogGroup(nameOf(i));
    const withMany = await costOfPlan(`registrar, ${MANY} groups`);
    expect(withMany.calls).to.equal(withFew.calls);
  });

  it(`grows with the groups where Terraform subscribes: one slow call for each of ${MANY}`, async () => {
    await deployment.apply(inputs('terraform'));
    const { slow } = await costOfPlan(`terraform, ${MANY} groups`);
    expect(slow).to.equal(MANY);
  });
});

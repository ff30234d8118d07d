import { PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { Deployment, type Inputs, type Outputs } from './deployment.ts';

export const CHECKOUT = '/aws/lambda/fun-checkout';
export const INVOICE = '/aws/lambda/fun-invoice';
export const ORDERS = '/ecs/orders';
export const NOISY = '/aws/lambda/fun-noisy';
export const INTERNAL = '/aws/lambda/fun-internal-jobs';
export const OTHER = '/aws/lambda/other';

/** Of the module, as it is applied. */
export const inputs = (loki: string, overrides: Inputs = {}): Inputs => ({
  loki_url: loki,
  log_groups: {
    [CHECKOUT]: { tags: { owner: 'checkout', sut: 'orders', language: 'python', 'cost-center': '42' } },
    [ORDERS]: { filter_pattern: 'ERROR' },
  },
  log_group_prefixes: ['/aws/lambda/fun-'],
  excluded_log_groups: [NOISY, '/aws/lambda/fun-internal-*'],
  log_group_tags: { location: REGION },
  labels: { from_tags: ['owner', 'sut', 'language', 'location'], static: { env: 'prod' }, refresh_seconds: 1 },
  timeout: 10,
  force_destroy: true,
  tags: { project: 'e2e' },
  ...overrides,
});

/** The module, applied on a stack, as the promises of shipping know it. */
export class Shipping {
  stack!: Stack;
  aws!: Aws;
  deployment!: Deployment;
  outputs!: Outputs;

  /** What Loki shows. */
  readonly lines = async (logql: string): Promise<readonly string[]> =>
    (await this.stack.loki.query(logql)).map(({ line }) => line);

  /** Has the shipper take a delivery. @returns its error, or undefined when it succeeded */
  ship(delivery: unknown): Promise<string | undefined> {
    return this.aws.invoke(this.outputs.shipper_function_name, delivery);
  }

  async apply(stack: Stack): Promise<void> {
    this.stack = stack;
    this.aws = new Aws(stack);
    for (const group of [INVOICE, ORDERS, NOISY, INTERNAL, OTHER]) await this.aws.createLogGroup(group);
    await this.aws.createLogGroup(CHECKOUT, { billing: 'theirs' });
    await this.aws.logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: CHECKOUT,
        filterName: 'theirs',
        filterPattern: '',
        destinationArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:theirs`,
      }),
    );
    this.deployment = new Deployment(stack, 'platform');
    await this.deployment.apply(inputs(stack.loki.url));
    this.outputs = await this.deployment.outputs();
  }
}

/** Has a suite begin with the module applied on a stack of its own. */
export function shippingOn(start: () => Promise<Stack>): Shipping {
  const shipping = new Shipping();
  before(async function () {
    await shipping.apply(await orSkip(this, start));
  });
  after(() => shipping.stack?.stop());
  return shipping;
}

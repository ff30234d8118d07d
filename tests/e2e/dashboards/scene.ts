import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'chai';
import { Ledger } from '../../../function/ledger.ts';
import { metricRecord } from '../../../function/metrics.ts';
import type { Stack } from '../../../tools/local/stack.ts';
import { eventually } from '../../support/eventually.ts';
import { Aws } from '../aws.ts';
import { Configuration } from '../configuration.ts';
import { Metrics } from './cloudwatch.ts';
import { deliveryOfAgo, errorLines, jsonReports, pushHostLines, textReports } from './feed.ts';

export const CHECKOUT = '/aws/lambda/fun-checkout';
export const INVOICE = '/aws/lambda/fun-invoice';
export const HOST = 'a-host';
export const OTHER_SHIPPER = 'other-shipper';

/** The demo, with all that the dashboards show. */
export interface Scene {
  readonly aws: Aws;
  readonly metrics: Metrics;
  /** Name of the function that ships. */
  readonly shipper: string;
}

/** Applies the demo, and has something happen that each panel and rule is about. */
export async function setScene(stack: Stack): Promise<Scene> {
  const demo = Configuration.ofExample(stack, 'demo');
  demo.write('demo.auto.tfvars.json', { loki_url: stack.loki.url });
  await demo.apply();
  const scene = { aws: new Aws(stack), metrics: new Metrics(stack), shipper: await demo.output<string>('shipper') };
  await feedLoki(stack, scene);
  await feedCloudWatch(scene);
  return scene;
}

async function feedLoki({ loki }: Stack, { aws, shipper }: Scene): Promise<void> {
  const earlier = deliveryOfAgo(INVOICE, 30, errorLines(60));
  const refused = deliveryOfAgo(INVOICE, 200 * 60, ['from long ago']);
  for (const delivery of [earlier, refused]) expect(await aws.invoke(shipper, delivery)).to.equal(undefined);
  for (const name of ['fun-checkout', 'fun-invoice']) expect(await aws.invoke(name, {})).to.equal(undefined);
  await aws.log(CHECKOUT, 'reports', ...textReports(), ...errorLines(25));
  await aws.log(INVOICE, 'reports', ...jsonReports(), ...errorLines(25));
  await pushHostLines(loki.url, HOST);
  for (const [group, lines] of [
    [CHECKOUT, textReports().length + 25] as const,
    [INVOICE, jsonReports().length + 25] as const,
  ])
    await eventually(`the lines of ${group}`, async () => {
      const found = await loki.query(`{log_group="${group}"} | log_stream="reports"`);
      return found.length === lines;
    });
}

async function feedCloudWatch(scene: Scene): Promise<void> {
  const { metrics, shipper } = scene;
  const record = await eventually('the record of parked lines', async () =>
    (await recordsOf(scene)).find((record) => JSON.parse(record).EntriesParked > 0),
  );
  for (const written of new Set([...(await recordsOf(scene)), record])) await metrics.extract(written);
  // What did not happen here: a record of the same code, with all that can.
  const everything = new Ledger();
  for (const name of Object.keys(everything)) if (name !== 'parked') Object.assign(everything, { [name]: 1 });
  Object.assign(everything, { received: 9, newest: Date.now() - 2_000, oldest: Date.now() - 9_000 });
  everything.park('line_too_long', 1);
  for (const functionName of [shipper, OTHER_SHIPPER]) {
    const props = { functionName, requestId: 'r', logGroup: INVOICE, now: Date.now() };
    await metrics.extract(metricRecord(everything, props));
    // Stands in for Lambda's own metrics.
    const Dimensions = [{ Name: 'FunctionName', Value: functionName }];
    await metrics.put(
      'AWS/Lambda',
      ['Errors', 'Throttles', 'AsyncEventAge'].map((MetricName) => ({
        MetricName,
        Dimensions,
        Value: 2,
        Timestamp: new Date(),
      })),
    );
  }
}

async function recordsOf({ aws, shipper }: Scene): Promise<readonly string[]> {
  const logGroupName = `/aws/lambda/${shipper}`;
  const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => message).filter((message) => message.startsWith('{"_aws"'));
}

import { allOf, type Installation, oneOf } from './installations.ts';
import type { When } from './moment.ts';
import {
  type Cost,
  DEFAULT_LAMBDA,
  DELIVERY_MS,
  deliveriesOf,
  GB_A_GROUP,
  KB_A_DELIVERY,
  type Lambda,
  LOG_KB_A_DELIVERY,
  METRICS,
  MINUTES_A_MONTH,
  monthlyCost,
  PRICES,
  RUN_SECONDS,
} from './monthly-cost.ts';
import { knownOf, readNumber, readText, type Side } from './value.ts';

/** What is logged. */
export interface Volume {
  /** Of all log groups in a month. Default: GB_A_GROUP for each. */
  readonly gb?: number;
  /** Average delivery before compression. Default: KB_A_DELIVERY */
  readonly deliveryKb?: number;
}

/** Of a Lambda function. */
const MAX_MEMORY_MB = 10_240;

/** The cost of shipping so many groups; null where there is no installation, or the plan does not tell its memory. */
export function costOf(when: When, groups: number, installation: Installation, volume: Volume): Cost | null {
  const elsewhere = installation.module === null;
  const shipper = elsewhere ? DEFAULT_LAMBDA : lambdaOf(oneOf(installation, 'aws_lambda_function', 'shipper')?.[when]);
  if (!shipper) return null;
  const { gb = groups * GB_A_GROUP, deliveryKb = KB_A_DELIVERY } = volume;
  return monthlyCost({
    shipper,
    deliveries: groups === 0 ? 0 : deliveriesOf(gb, deliveryKb),
    // The metrics of an installation in another stack are there already.
    metrics: elsewhere || groups === 0 ? 0 : METRICS,
    alarms: alarmsOf(when, installation),
    registrar: lambdaOf(oneOf(installation, 'aws_lambda_function', 'registrar')?.[when]),
    runs: runsOf(when, installation),
  });
}

/** What the estimate takes for granted, in sentences. */
export function costAssumptions({ gb, deliveryKb = KB_A_DELIVERY }: Volume): readonly string[] {
  const volume =
    gb === undefined
      ? `Each log group logs ${GB_A_GROUP} GB a month (--gb-month says what all of them do)`
      : `All log groups together log ${gb} GB a month after the apply, and before it in proportion to their number`;
  return [
    `${volume}, in deliveries of ${deliveryKb} KB (--delivery-kb), each of which keeps the shipper busy for ${DELIVERY_MS} ms.`,
    `List prices of us-east-1 without the free tier: Lambda $${PRICES.gbSecond.arm64} (arm64) or $${PRICES.gbSecond.x86_64} (x86_64) a GB-second and $0.20 a million requests, $0.50 for a GB of the shipper's own log with ${LOG_KB_A_DELIVERY} KB a delivery, $0.30 for each of ${METRICS} metrics, $0.10 an alarm, ${RUN_SECONDS} seconds for a run of the registrar.`,
    "Not in it: CloudWatch's own ingestion, which stays what it is, the bucket, a VPC's endpoints or NAT, and Loki.",
  ];
}

function lambdaOf(side: Side | undefined): Lambda | undefined {
  const memoryMb = side && knownOf(readNumber(side, 'memory_size'));
  if (!side || !memoryMb || !(memoryMb > 0 && memoryMb <= MAX_MEMORY_MB)) return undefined;
  const isX86 = knownOf(readText(side, 'architectures', 0)) === 'x86_64';
  return { memoryMb, architecture: isX86 ? 'x86_64' : 'arm64' };
}

function alarmsOf(when: When, { resources }: Installation): number {
  const alarms = [...resources].filter(([name]) => name.startsWith('aws_cloudwatch_metric_alarm.'));
  return alarms.flatMap(([, all]) => all).filter((alarm) => alarm[when]).length;
}

/** How often the registrar is run in a month. */
function runsOf(when: When, installation: Installation): number {
  return allOf(installation, 'aws_scheduler_schedule', 'registrar').reduce((sum, { [when]: side }) => {
    const expression = side && knownOf(readText(side, 'schedule_expression'));
    const minutes = Number(/^rate\((\d+) minutes?\)$/.exec(expression ?? '')?.[1]);
    return minutes > 0 ? sum + MINUTES_A_MONTH / minutes : sum;
  }, 0);
}

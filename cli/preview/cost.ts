import { allOf, type Installation, oneOf } from './installations.ts';
import type { When } from './moment.ts';
import { knownOf, readNumber, readText, type Side } from './value.ts';

/** What an installation costs a month, in USD. */
export interface Cost {
  /** Invocations of the shipper. */
  readonly lambda: number;
  /** The shipper's own log, a line a delivery. */
  readonly logs: number;
  readonly metrics: number;
  readonly alarms: number;
  /** Scheduled runs of the registrar. */
  readonly registrar: number;
  readonly total: number;
}

/** What is logged. */
export interface Volume {
  /** Of all log groups in a month. Default: GB_A_GROUP for each. */
  readonly gb?: number;
  /** Average delivery before compression. Default: KB_A_DELIVERY */
  readonly deliveryKb?: number;
}

/**
 * List prices of us-east-1 in USD, without the free tier. Lambda by GB-second and by request, CloudWatch by GB ingested,
 * by metric and by alarm.
 */
const PRICES = {
  gbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
  request: 0.0000002,
  logGb: 0.5,
  metric: 0.3,
  alarm: 0.1,
} as const;

/** A group that logs 1 KB every five seconds, each time in a delivery of its own, logs half a GB a month. */
export const GB_A_GROUP = 0.5;
export const KB_A_DELIVERY = 1;
const DELIVERY_MS = 20;
const LOG_KB_A_DELIVERY = 1;
/** Those that are there while nothing is wrong. */
const METRICS = 7;
const RUN_SECONDS = 2;
const MINUTES_A_MONTH = 30 * 24 * 60;
const KB_A_GB = 1e6;
/** Of a Lambda function. */
const MAX_MEMORY_MB = 10_240;

const DEFAULT_FUNCTION: Function = { memoryMb: 256, architecture: 'arm64' };

/** The cost of shipping so many groups; null where there is no installation, or the plan does not tell its memory. */
export function costOf(when: When, groups: number, installation: Installation, volume: Volume): Cost | null {
  const elsewhere = installation.module === null;
  const shipper = oneOf(installation, 'aws_lambda_function', 'shipper')?.[when];
  const lambda = elsewhere ? DEFAULT_FUNCTION : functionOf(shipper);
  if (!lambda) return null;
  const { gb = groups * GB_A_GROUP, deliveryKb = KB_A_DELIVERY } = volume;
  const deliveries = groups === 0 ? 0 : (gb * KB_A_GB) / deliveryKb;
  const registrar = functionOf(oneOf(installation, 'aws_lambda_function', 'registrar')?.[when]);
  const parts = {
    lambda: deliveries * invocation(lambda, DELIVERY_MS / 1000),
    logs: ((deliveries * LOG_KB_A_DELIVERY) / KB_A_GB) * PRICES.logGb,
    // The metrics of an installation in another stack are there already.
    metrics: elsewhere || groups === 0 ? 0 : METRICS * PRICES.metric,
    alarms: alarmsOf(when, installation) * PRICES.alarm,
    registrar: registrar ? runsOf(when, installation) * invocation(registrar, RUN_SECONDS) : 0,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
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

interface Function {
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
}

function functionOf(side: Side | undefined): Function | undefined {
  const memoryMb = side && knownOf(readNumber(side, 'memory_size'));
  if (!side || !memoryMb || !(memoryMb > 0 && memoryMb <= MAX_MEMORY_MB)) return undefined;
  const isX86 = knownOf(readText(side, 'architectures', 0)) === 'x86_64';
  return { memoryMb, architecture: isX86 ? 'x86_64' : 'arm64' };
}

function invocation({ memoryMb, architecture }: Function, seconds: number): number {
  return (memoryMb / 1024) * seconds * PRICES.gbSecond[architecture] + PRICES.request;
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

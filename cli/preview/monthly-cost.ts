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

/** What is paid for. */
export interface Usage {
  readonly shipper: Lambda;
  /** Of the shipper in a month. */
  readonly deliveries: number;
  readonly metrics: number;
  readonly alarms: number;
  /** Left out where there is none, or where it is paid for elsewhere. */
  readonly registrar?: Lambda | undefined;
  /** Scheduled ones of the registrar in a month. */
  readonly runs: number;
}

export interface Lambda {
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
}

/**
 * List prices of us-east-1 in USD, without the free tier. Lambda by GB-second and by request, CloudWatch by GB ingested,
 * by metric and by alarm.
 */
export const PRICES = {
  gbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
  request: 0.0000002,
  logGb: 0.5,
  metric: 0.3,
  alarm: 0.1,
} as const;

/** What both functions have by default. */
export const DEFAULT_LAMBDA: Lambda = { memoryMb: 256, architecture: 'arm64' };

/** A group that logs 1 KB every five seconds, each time in a delivery of its own, logs half a GB a month. */
export const GB_A_GROUP = 0.5;
export const KB_A_DELIVERY = 1;
export const DELIVERY_MS = 20;
export const LOG_KB_A_DELIVERY = 1;
/** Those that are there while nothing is wrong. */
export const METRICS = 7;
export const RUN_SECONDS = 2;
export const MINUTES_A_MONTH = 30 * 24 * 60;
const KB_A_GB = 1e6;

/** How many deliveries so many GB are. */
export function deliveriesOf(gb: number, deliveryKb: number): number {
  return (gb * KB_A_GB) / deliveryKb;
}

/** The formula, for the preview and for docs/cost.md. */
export function monthlyCost({ shipper, deliveries, metrics, alarms, registrar, runs }: Usage): Cost {
  const parts = {
    lambda: deliveries * invocation(shipper, DELIVERY_MS / 1000),
    logs: ((deliveries * LOG_KB_A_DELIVERY) / KB_A_GB) * PRICES.logGb,
    metrics: metrics * PRICES.metric,
    alarms: alarms * PRICES.alarm,
    registrar: registrar ? runs * invocation(registrar, RUN_SECONDS) : 0,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

function invocation({ memoryMb, architecture }: Lambda, seconds: number): number {
  return (memoryMb / 1024) * seconds * PRICES.gbSecond[architecture] + PRICES.request;
}

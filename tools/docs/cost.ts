import {
  type Cost,
  DEFAULT_LAMBDA,
  DELIVERY_MS,
  deliveriesOf,
  GB_A_GROUP,
  KB_A_DELIVERY,
  LOG_KB_A_DELIVERY,
  METRICS,
  MINUTES_A_MONTH,
  monthlyCost,
  PRICES,
  RUN_SECONDS,
} from '../../cli/preview/monthly-cost.ts';
import { ALARMS } from '../../modules/shipper/alarm-names.ts';
import { table } from '../build-readme.ts';
import { betweenMarkers } from './between-markers.ts';

const GB_A_MONTH = [1, 10, 100, 1_000];
const DELIVERIES_KB = [1, 10, 100];
const FUNCTIONS = [10, 100, 500, 1_000, 10_000];
/** Of the registrar in a month, with the default of `registrar_interval_minutes`. */
const RUNS = MINUTES_A_MONTH / 5;

/** docs/cost.md with the tables between its markers computed by the formula of `loki-shipper preview`. */
export function costTables(document: string): string {
  return betweenMarkers(document, { formula: formula(), volume: byVolume(), parts: byFunctions() });
}

/** What is added up, with the prices. */
function formula(): string {
  const { gbSecond, request, logGb, metric, alarm } = PRICES;
  const price = (usd: number) => `$${usd.toFixed(10).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
  const gb = DEFAULT_LAMBDA.memoryMb / 1024;
  const invocation = (seconds: number) => `(${seconds} s × ${gb} GB × ${price(gbSecond.arm64)} + ${price(request)})`;
  return table(
    ['of', 'with the defaults'],
    [
      ['Lambda, the shipper', `deliveries × ${invocation(DELIVERY_MS / 1000)}`],
      ["the shipper's own log, a line a delivery", `deliveries × ${LOG_KB_A_DELIVERY} KB × ${price(logGb)} a GB`],
      ['what the shipper counts', `${METRICS} metrics × ${price(metric)}`],
      ['alarms', `${ALARMS.length} alarms × ${price(alarm)}`],
      ['Lambda, the registrar', `${RUNS.toLocaleString('en-US')} runs × ${invocation(RUN_SECONDS)}`],
    ],
  );
}

/** What shipping costs a month by GB, and by the size of deliveries. */
function byVolume(): string {
  return table(
    ['GB a month', "CloudWatch's ingestion", ...DELIVERIES_KB.map((kb) => `shipping, ${kb} KB a delivery`)],
    GB_A_MONTH.map((gb) => [
      gb.toLocaleString('en-US'),
      dollars(gb * PRICES.logGb),
      ...DELIVERIES_KB.map((kb) => dollars(costOf(gb, kb).total)),
    ]),
  );
}

/** The same by functions of which each logs as much as the preview takes for granted, with what it is made of. */
function byFunctions(): string {
  return table(
    [
      'Functions',
      'GB',
      "CloudWatch's ingestion",
      'Lambda',
      "the shipper's log",
      'metrics',
      'alarms',
      'registrar',
      'sum',
    ],
    FUNCTIONS.map((functions) => {
      const gb = functions * GB_A_GROUP;
      const { lambda, logs, metrics, alarms, registrar, total } = costOf(gb, KB_A_DELIVERY);
      const figures = [gb * PRICES.logGb, lambda, logs, metrics, alarms, registrar, total];
      return [functions.toLocaleString('en-US'), gb.toLocaleString('en-US'), ...figures.map(dollars)];
    }),
  );
}

function costOf(gb: number, deliveryKb: number): Cost {
  return monthlyCost({
    shipper: DEFAULT_LAMBDA,
    deliveries: deliveriesOf(gb, deliveryKb),
    metrics: METRICS,
    alarms: ALARMS.length,
    registrar: DEFAULT_LAMBDA,
    runs: RUNS,
  });
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

import {
  type Cost,
  DEFAULT_LAMBDA,
  deliveriesOf,
  GB_A_GROUP,
  KB_A_DELIVERY,
  METRICS,
  MINUTES_A_MONTH,
  monthlyCost,
  PRICES,
} from '../../cli/preview/monthly-cost.ts';
import { ALARMS } from '../../modules/shipper/alarm-names.ts';
import { table } from '../build-readme.ts';

const GB_A_MONTH = [1, 10, 100, 1_000];
const DELIVERIES_KB = [1, 10, 100];
const FUNCTIONS = [10, 100, 500, 1_000, 10_000];
/** The default of `registrar_interval_minutes`. */
const INTERVAL_MINUTES = 5;

/** docs/cost.md with the tables between its markers computed by the formula of `loki-shipper preview`. */
export function costTables(document: string): string {
  return Object.entries({ volume: byVolume(), parts: byFunctions() }).reduce(
    (text, [name, rows]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*(<!-- /${name} -->)`),
        (_, start: string, end: string) => `${start}\n${rows}\n${end}`,
      ),
    document,
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
    runs: MINUTES_A_MONTH / INTERVAL_MINUTES,
  });
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

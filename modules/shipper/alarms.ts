import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Token } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import { ALARMS, type AlarmName } from './alarm-names.ts';
import { type FunctionName, functionName } from './names.ts';
import type { Variables } from './variables.ts';

interface Alarm {
  /** One sentence. */
  readonly means: string;
  /** Lambda's own metrics, or those of the shipper's records (`function/metrics.ts`). */
  readonly namespace: 'AWS/Lambda' | 'loki-shipper';
  readonly metric: string;
  /** `p90`: a few late ones are no reason, such as lines that are old when they are written. */
  readonly statistic: 'Sum' | 'Maximum' | 'p90';
  /** The alarm goes off above this: a number, or an expression of one. */
  readonly above: number | string;
  /** How many in a row. Default: 1. */
  readonly periods?: number;
  /** Seconds, as a number or an expression of one. Default: five minutes. */
  readonly period?: number | string;
  /** Default: the shipper. */
  readonly of?: FunctionName;
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html: AsyncEventsDropped counts the deliveries
 * that Lambda gave up on and handed to the on-failure destination, DestinationDeliveryFailures those that got lost there.
 */
const DEFINITIONS: Readonly<Record<AlarmName, Alarm>> = {
  delivery_errors: {
    means:
      'Invocations of the shipper fail again and again; Lambda repeats them, then the bucket keeps the deliveries.',
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    statistic: 'Sum',
    above: 0,
    periods: 3,
  },
  throttles: {
    means: 'The shipper is throttled: deliveries wait for a free concurrent execution, up to six hours.',
    namespace: 'AWS/Lambda',
    metric: 'Throttles',
    statistic: 'Sum',
    above: 0,
    periods: 3,
  },
  async_event_age: {
    means: 'Deliveries wait for the shipper for more than ten minutes; after six hours the bucket keeps them.',
    namespace: 'AWS/Lambda',
    metric: 'AsyncEventAge',
    statistic: 'Maximum',
    above: 600_000,
  },
  parked_lines: {
    means: 'Loki refuses lines; the bucket keeps them, with the reason.',
    namespace: 'loki-shipper',
    metric: 'EntriesParked',
    statistic: 'Sum',
    above: 0,
  },
  failed_deliveries: {
    means: 'Lambda gave up on deliveries; the bucket keeps them.',
    namespace: 'AWS/Lambda',
    metric: 'AsyncEventsDropped',
    statistic: 'Sum',
    above: 0,
  },
  lag: {
    means: 'Lines come late to Loki: even the newest of a delivery is old.',
    namespace: 'loki-shipper',
    metric: 'LagNewest',
    statistic: 'p90',
    above: '${var.alarms.lag_minutes * 60000}',
    periods: 3,
  },
  tag_lookups: {
    means: 'The shipper cannot read the tags of log groups: new groups are not shipped, and changed tags not seen.',
    namespace: 'loki-shipper',
    metric: 'TagLookupsFailed',
    statistic: 'Sum',
    above: 0,
    periods: 3,
  },
  destination_failures: {
    means: 'Deliveries are lost: Lambda gave up on them and could not write them to the bucket.',
    namespace: 'AWS/Lambda',
    metric: 'DestinationDeliveryFailures',
    statistic: 'Sum',
    above: 0,
  },
  registrar_errors: {
    means: 'Runs of the registrar fail: new log groups are not found, and changed tags not seen.',
    namespace: 'AWS/Lambda',
    metric: 'Errors',
    statistic: 'Sum',
    above: 0,
    periods: 3,
    period: '${max(300, var.registrar_interval_minutes * 60)}',
    of: 'registrar',
  },
};

/** One alarm for each way in which lines can be late, refused, lost or never asked for. Nothing to measure means nothing to be alarmed of. */
export function defineAlarms(module: ModuleStack, variables: Variables): void {
  for (const name of ALARMS) {
    const { means, namespace, metric, statistic, above, periods = 1, period = 300, of = 'shipper' } = DEFINITIONS[name];
    const alarm = new CloudwatchMetricAlarm(module, `${name}.alarm`, {
      alarmName: `\${var.name}-${name.replaceAll('_', '-')}`,
      alarmDescription: `${means} Runbook: docs/operations.md, ${name}.`,
      namespace,
      metricName: metric,
      dimensions: { FunctionName: functionName(of) },
      ...(statistic === 'p90' ? { extendedStatistic: statistic } : { statistic }),
      period: numberOf(period),
      evaluationPeriods: periods,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: numberOf(above),
      treatMissingData: 'notBreaching',
      alarmActions: variables.alarmActions.listValue,
      okActions: variables.alarmActions.listValue,
      tags: Token.asStringMap(variables.tags.value),
    });
    alarm.addOverride('count', `\${var.alarms.${name} ? 1 : 0}`);
  }
}

function numberOf(value: number | string): number {
  return typeof value === 'number' ? value : Token.asNumber(value);
}

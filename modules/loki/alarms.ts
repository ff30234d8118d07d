import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Token } from 'cdktf';
import { expression } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { ALARMS, type AlarmName } from './alarm-names.ts';
import { METRIC_NAMESPACE, NAME } from './names.ts';
import type { Variables } from './variables.ts';

interface Alarm {
  /** One sentence. */
  readonly means: string;
  /** EC2's own metrics, or those of the host (`host/bin/health`). */
  readonly namespace: 'AWS/EC2' | typeof METRIC_NAMESPACE;
  readonly metric: string;
  readonly statistic: 'Minimum' | 'Maximum';
  /** The alarm goes off from this on, upwards or downwards. */
  readonly from: { readonly above: number } | { readonly below: number };
  /** Seconds. */
  readonly period: number;
  readonly periods: number;
  /** Expression that is true where there is such a metric. Default: always. */
  readonly where?: string;
}

/** Within ten minutes, and not by a restart of one container. */
const SOON = { period: 60, periods: 5 };

const DEFINITIONS: Readonly<Record<AlarmName, Alarm>> = {
  status_check: {
    means: 'The instance, its host or its volumes do not answer, or it is stopped.',
    namespace: 'AWS/EC2',
    metric: 'StatusCheckFailed',
    statistic: 'Maximum',
    from: { above: 0 },
    ...SOON,
  },
  cpu_credits: {
    means: 'The CPU credits of the instance are used up: it runs at its baseline, and Loki answers late.',
    namespace: 'AWS/EC2',
    metric: 'CPUCreditBalance',
    statistic: 'Minimum',
    from: { below: 5 },
    // Half an hour: a new instance begins without credits.
    period: 300,
    periods: 6,
    where: 'local.burstable',
  },
  disk_used: {
    means: 'The data volume is used to more than 80 %; at 90 % Loki refuses pushes.',
    namespace: METRIC_NAMESPACE,
    metric: 'DataDiskUsed',
    statistic: 'Maximum',
    from: { above: 80 },
    ...SOON,
  },
  loki_health: {
    means: 'Loki does not store what is pushed to it.',
    namespace: METRIC_NAMESPACE,
    metric: 'LokiHealthy',
    statistic: 'Minimum',
    from: { below: 1 },
    ...SOON,
  },
  grafana_health: {
    means: 'Grafana does not answer, or not with its database.',
    namespace: METRIC_NAMESPACE,
    metric: 'GrafanaHealthy',
    statistic: 'Minimum',
    from: { below: 1 },
    ...SOON,
  },
  host_applied: {
    means: 'The host did not boot, or could not apply its newest configuration.',
    namespace: METRIC_NAMESPACE,
    metric: 'HostApplied',
    statistic: 'Minimum',
    from: { below: 1 },
    ...SOON,
  },
};

/** What nobody looks at must tell by itself. A host that says nothing is not well: what is missing counts as the worst. */
export function defineAlarms(module: ModuleStack, variables: Variables): void {
  for (const name of ALARMS) {
    const { means, namespace, metric, statistic, from, period, periods, where } = DEFINITIONS[name];
    const alarm = new CloudwatchMetricAlarm(module, `${name}.alarm`, {
      alarmName: `${NAME}-${name.replaceAll('_', '-')}`,
      alarmDescription: `${means} Runbook: docs/operations.md, ${name}.`,
      namespace,
      metricName: metric,
      dimensions: namespace === 'AWS/EC2' ? { InstanceId: '${aws_instance.loki.id}' } : { Host: '${var.name}' },
      statistic,
      period,
      evaluationPeriods: periods,
      ...('above' in from
        ? { comparisonOperator: 'GreaterThanThreshold', threshold: from.above }
        : { comparisonOperator: 'LessThanThreshold', threshold: from.below }),
      treatMissingData: 'breaching',
      alarmActions: variables.alarmActions.listValue,
      okActions: variables.alarmActions.listValue,
      tags: Token.asStringMap(variables.tags.value),
    });
    const wanted = [`var.alarms.${name}`, ...(where ? [where] : [])].join(' && ');
    alarm.addOverride('count', expression(`${wanted} ? 1 : 0`));
  }
}

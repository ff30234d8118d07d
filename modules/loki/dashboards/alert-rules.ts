import { lokiRule, metricRule, type ProvisionedRule } from './alert-rule.ts';
import { LAMBDA_FUNCTIONS } from './lambda-functions.ts';
import { ERRORS, LOG_EXPLORER } from './log-explorer.ts';
import { discarded, health, LOKI_HOST } from './loki-host.ts';
import { NAMESPACE, SHIPPER } from './shipper.ts';

const errors = (window: string) => `sum by (service_name) (count_over_time({service_name=~".+"} ${ERRORS} ${window}))`;
const linesOf = (window: string) => `sum by (log_group, service_name) (count_over_time({log_group=~".+"} ${window}))`;
const ANY_HOST = '{service_name="loki-host"}';

/**
 * What Grafana watches. Two decisions run through all rules that ask Loki:
 * - Their queries find what is wrong, so finding nothing is `OK`.
 * - When Loki does not answer, one rule says so (disk), and the others keep the state that they have: five alerts for
 *   one cause help nobody.
 */
export const RULE_GROUPS: readonly RuleGroup[] = [
  {
    name: 'Functions',
    interval: '5m',
    rules: [
      lokiRule({
        uid: 'loki-shipper-error-spike',
        title: 'Error spike of a function',
        // More than 20, and more than three times the rate of the hour before. `unless` instead of a comparison: a
        // function that had no errors in that hour has no series to compare with.
        expr: `(${errors('[10m]')} > 20) unless (${errors('[10m]')} <= 0.5 * ${errors('[1h] offset 10m')})`,
        above: 0,
        for: '0s',
        noData: 'OK',
        execError: 'KeepLast',
        severity: 'warning',
        summary: '{{ .Labels.service_name }} writes errors: {{ .Values.A.Value }} lines in ten minutes',
        description:
          'More than three times as many as in the hour before. Open the dashboard, choose the function and the levels error, critical and fatal, and read what it says; look for a deployment at the beginning of the spike.',
        seenOn: [LOG_EXPLORER, 'Error rate by function'],
      }),
      lokiRule({
        uid: 'loki-shipper-silence',
        title: 'Silence of a log group',
        // The same hour of the day before, so that a group that rests at night is not missed at night. Ten lines, so
        // that one which talks now and then is not missed at all.
        expr: `(${linesOf('[1h] offset 24h')} > 10) unless ${linesOf('[1h]')}`,
        above: 0,
        for: '15m',
        noData: 'OK',
        execError: 'KeepLast',
        severity: 'warning',
        summary: '{{ .Labels.log_group }} has been silent for an hour',
        description:
          'It wrote {{ .Values.A.Value }} lines in the same hour of the day before. Does the function still run (dashboard)? Is the log group still subscribed (`loki-shipper status --group {{ .Labels.log_group }}`)? If it is meant to be silent, silence this alert for its label log_group.',
        seenOn: [LAMBDA_FUNCTIONS, 'Invocations'],
      }),
    ],
  },
  {
    name: 'Shipping',
    interval: '1m',
    rules: [
      metricRule({
        uid: 'loki-shipper-parked',
        title: 'Parked lines',
        namespace: NAMESPACE,
        metric: 'EntriesParked',
        above: 0,
        for: '0s',
        // The shipper leaves out metrics that are 0, so no data is what it should be.
        noData: 'OK',
        // An alert of its own: Grafana may not read CloudWatch any more, which nothing else says.
        execError: 'Error',
        severity: 'warning',
        summary: 'Loki refuses lines: {{ .Values.B.Value }} were parked in a quarter of an hour',
        description:
          'They are in the bucket, and nothing is lost. The dashboard says which log groups and, in the records, which reasons; docs/operations.md says what to do about each. Then `loki-shipper replay`.',
        seenOn: [SHIPPER, 'Parked'],
      }),
    ],
  },
  {
    name: 'Loki host',
    interval: '1m',
    rules: [
      lokiRule({
        uid: 'loki-shipper-discarded',
        title: 'Discarded lines',
        expr: `sum by (host, reason) (sum_over_time(${discarded('lines', ANY_HOST)} [10m]))`,
        above: 0,
        for: '0s',
        noData: 'OK',
        execError: 'KeepLast',
        severity: 'warning',
        summary: 'Loki on {{ .Labels.host }} discards lines: {{ .Labels.reason }}',
        description:
          '{{ .Values.A.Value }} lines in ten minutes. rate_limited, per_stream_rate_limit, stream_limit: a limit, which grows with instance_type, or a function that writes far too much (top talkers in the Log explorer). Other reasons are of the lines: the shipper parks them, see docs/operations.md, parked_lines.',
        seenOn: [LOKI_HOST, 'Discarded by reason'],
      }),
      lokiRule({
        uid: 'loki-shipper-disk',
        title: 'Disk of the Loki host',
        expr: `max_over_time(${health('disk_used_percent', ANY_HOST)} [10m]) by (host)`,
        above: 80,
        for: '5m',
        // The host says each minute how full its disk is. When it does not, then because Loki takes no lines (its disk
        // is 90 % full, or it is down), or because nobody says it: both are for somebody to look at.
        noData: 'Alerting',
        execError: 'Alerting',
        severity: 'critical',
        summary: 'The disk of the Loki host is more than 80 % full, or the host is silent',
        description:
          'At 90 % Loki takes no lines. Raise volume_gb, or lower retention_days, and apply: both work without a restart of the instance. If the dashboard shows no lines of the host at all, Loki or its instance is down: look at the CloudWatch alarms and at the boot report.',
        seenOn: [LOKI_HOST, 'Disk used'],
      }),
    ],
  },
];

export interface RuleGroup {
  readonly name: string;
  /** How often its rules are looked at. */
  readonly interval: string;
  readonly rules: readonly ProvisionedRule[];
}

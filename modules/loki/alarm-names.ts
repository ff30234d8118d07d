/** The alarms, as the variable `alarms`, the resources and the runbook (docs/operations.md) name them. */
export const ALARMS = [
  'status_check',
  'cpu_credits',
  'disk_used',
  'loki_health',
  'grafana_health',
  'host_applied',
] as const;

export type AlarmName = (typeof ALARMS)[number];

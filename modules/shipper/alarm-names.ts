/** The alarms, as the variable `alarms`, the resources and the runbook (docs/operations.md) name them. */
export const ALARMS = [
  'delivery_errors',
  'throttles',
  'async_event_age',
  'parked_lines',
  'failed_deliveries',
  'lag',
  'tag_lookups',
  'destination_failures',
  'registrar_errors',
] as const;

export type AlarmName = (typeof ALARMS)[number];

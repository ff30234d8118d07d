/** The settings of the shipper as the module writes them by default, but for Loki's URL and the label policy. */
export const ENVIRONMENT = {
  LINE_RULES: JSON.stringify({
    max_bytes: 262_144,
    too_long: 'split',
    max_age_hours: 168,
    max_ahead_minutes: 10,
    out_of_range: 'park',
  }),
  PARALLEL_PUSHES: '2',
  BUCKET: 'loki-shipper-123456789012-eu-central-1',
  OWN_LOG_GROUPS: JSON.stringify(['/aws/lambda/loki-shipper-shipper', '/aws/lambda/loki-shipper-registrar']),
} as const;

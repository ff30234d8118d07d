import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

/** The data sources that the host provisions, by the uids that it pins. */
export const LOKI = { type: 'loki', uid: 'loki' } as const satisfies DataSourceRef;
export const CLOUDWATCH = { type: 'cloudwatch', uid: 'cloudwatch' } as const satisfies DataSourceRef;

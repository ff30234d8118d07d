import type { TemplateValues } from '../../tools/host-files.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { VERSIONS } from '../../tools/local/versions.ts';

const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;

/** What `local.host_values` may be: a small host without a certificate. */
export const VALUES = {
  name: 'logs',
  region: REGION,
  partition: 'aws',
  account_id: ACCOUNT,
  config_bucket: 'logs-host',
  volume_id: 'vol-0123456789abcdef0',
  loki_image: `grafana/loki:${VERSIONS.loki}@sha256:${'a'.repeat(64)}`,
  grafana_image: VERSIONS.grafana,
  loki_memory_mb: 1024,
  loki_heap_mb: 870,
  grafana_memory_mb: 384,
  swap_mb: 16,
  retention_hours: 720,
  loki_object_store: 'filesystem',
  loki_storage_json: '{"filesystem":{"chunks_directory":"/loki/chunks","rules_directory":"/loki/rules"}}',
  loki_schema_json: '{"configs":[]}',
  ingestion_rate_mb: 16,
  ingestion_burst_mb: 32,
  per_stream_rate_mb: 32,
  max_streams: 5000,
  max_query_parallelism: 2,
  wal_replay_ceiling_mb: 256,
  push_secret_arn: secret('push'),
  grafana_admin_secret_arn: secret('grafana-admin'),
  grafana_secret_key_arn: secret('grafana-secret-key'),
  certificate_secret_arn: '',
  server_name: '',
  nginx_tls: '',
  nginx_grafana: '',
  grafana_settings_json: '{"GF_USERS_ALLOW_SIGN_UP":"false"}',
  metric_namespace: 'loki-shipper/host',
  maintenance_window: 'Sun 04:00',
  shipper_name: '',
} as const satisfies TemplateValues;

import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { METRIC_NAMESPACE } from './names.ts';

/** What the host's files are made of: `local.host_values`, all of them strings or numbers. */
export function defineHostValues(module: ModuleStack): void {
  module.local('server_name', 'var.tls == null ? "" : var.tls.server_name');
  module.local('grafana_settings', GRAFANA_SETTINGS);
  module.local('host_values', HOST_VALUES);
}

/** What the module would have Grafana do; the caller's settings go before. */
const GRAFANA_SETTINGS = hcl`merge({
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES = "false",
  GF_ANALYTICS_CHECK_FOR_UPDATES = "false",
  GF_ANALYTICS_REPORTING_ENABLED = "false",
  GF_AUTH_ANONYMOUS_ENABLED = "false",
  GF_SECURITY_COOKIE_SECURE = tostring(length(var.grafana_cidrs) > 0),
  GF_SECURITY_DISABLE_GRAVATAR = "true",
  GF_SERVER_ROOT_URL = length(var.grafana_cidrs) > 0 ? "https://\${local.server_name}/" : "http://localhost:3000/",
  GF_USERS_ALLOW_SIGN_UP = "false"
}, var.grafana_settings)`;

const HOST_VALUES = hcl`{
  name = var.name,
  region = local.region,
  partition = local.partition,
  account_id = local.account_id,
  config_bucket = aws_s3_bucket.config.bucket,
  volume_id = aws_ebs_volume.data.id,
  loki_image = var.loki_image,
  grafana_image = var.grafana_image,
  loki_memory_mb = local.loki_memory_mb,
  loki_heap_mb = local.loki_heap_mb,
  grafana_memory_mb = local.grafana_memory_mb,
  swap_mb = local.swap_mb,
  retention_hours = local.retention_hours,
  loki_object_store = local.loki_object_store,
  loki_storage_json = local.loki_storage_json,
  loki_schema_json = local.loki_schema_json,
  ingestion_rate_mb = local.ingestion_rate_mb,
  ingestion_burst_mb = local.ingestion_burst_mb,
  per_stream_rate_mb = local.per_stream_rate_mb,
  max_streams = local.max_streams,
  max_query_parallelism = local.max_query_parallelism,
  wal_replay_ceiling_mb = local.wal_replay_ceiling_mb,
  push_secret_arn = aws_secretsmanager_secret.push.arn,
  grafana_admin_secret_arn = aws_secretsmanager_secret.grafana_admin.arn,
  grafana_secret_key_arn = aws_secretsmanager_secret.grafana_secret_key.arn,
  certificate_secret_arn = var.tls == null ? "" : var.tls.certificate_secret_arn,
  server_name = local.server_name,
  nginx_tls = local.nginx_tls,
  nginx_grafana = local.nginx_grafana,
  grafana_settings_json = jsonencode(local.grafana_settings),
  metric_namespace = "${METRIC_NAMESPACE}",
  maintenance_window = var.maintenance_window,
  shipper_name = var.shipper_name == null ? "" : var.shipper_name
}`;

import type { ModuleStack } from '../module-stack.ts';

/** What Loki and Grafana may use of the instance. */
export function defineLimits(module: ModuleStack): void {
  module.local('loki_memory_mb', 'floor((local.memory_mb - 512) * 0.7)');
  module.local('grafana_memory_mb', 'floor((local.memory_mb - 512) * 0.3)');
  module.local('swap_mb', '2048');
  module.local('ingestion_rate_mb', '16');
  module.local('ingestion_burst_mb', '32');
  module.local('per_stream_rate_mb', '8');
  module.local('max_streams', '10000');
  module.local('max_query_parallelism', '4');
  module.local('wal_replay_ceiling_mb', 'floor(local.loki_memory_mb / 2)');
  module.local('loki_storage_json', '"{}"');
  module.local('loki_schema_json', '"{}"');
}

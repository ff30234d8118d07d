import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';

/** What the limits are derived from: expressions. */
export interface LimitsProps {
  /** Memory of the instance in MiB. */
  readonly memoryMb: string;
  readonly vcpus: string;
  readonly retentionDays: string;
  readonly expectedGbPerDay: string;
  /** `filesystem` or `s3`: where chunks and index are kept, by Loki's own names. */
  readonly storage: string;
  /** Is used with `s3` only. */
  readonly bucket: string;
  readonly region: string;
}

/** Sizes and limits of the host, each as a local. */
export function defineLimits(module: ModuleStack, props: LimitsProps): void {
  for (const [name, value] of Object.entries(limits(props))) module.local(name, value);
}

/**
 * Name of a local → its expression, which may use the locals before it. They are written with what Terraform and
 * JavaScript have in common, so that the local stack gets its values from here too (`tools/local/host-values.ts`).
 */
export function limits({
  memoryMb,
  vcpus,
  retentionDays,
  expectedGbPerDay,
  storage,
  bucket,
  region,
}: LimitsProps): Readonly<Record<string, string>> {
  return {
    grafana_memory_mb: hcl`min(1024, max(384, floor(${memoryMb} / 8)))`,
    // What is left by Grafana, and by the system: AL2023 with Docker, nginx and the SSM agent needs about 400 MiB.
    loki_memory_mb: hcl`${memoryMb} - local.grafana_memory_mb - max(512, floor(${memoryMb} / 10))`,
    // The collector of Go's garbage works harder near this (GOMEMLIMIT), instead of growing until the kernel kills Loki.
    loki_heap_mb: hcl`floor(local.loki_memory_mb * 0.85)`,
    swap_mb: hcl`min(4096, max(1024, floor(${memoryMb} / 2)))`,
    // A replay counts the chunks in memory only. Loki's default of 4 GB has small hosts killed again and again at their
    // start (https://github.com/grafana/loki/issues/10267).
    wal_replay_ceiling_mb: hcl`floor(local.loki_memory_mb / 4)`,

    // Twenty times the mean of the day, and what a small burst needs: a refused push comes again, and costs twice.
    ingestion_rate_mb: hcl`max(8 * ${vcpus}, ceil(${expectedGbPerDay} * 1024 * 20 / 86400))`,
    ingestion_burst_mb: 'local.ingestion_rate_mb * 2',
    // Never met before the limit of all: Loki answers for the last stream of a push only, and time sharding makes two
    // streams of a push over the full hour.
    per_stream_rate_mb: 'local.ingestion_rate_mb * 2',
    max_streams: 'max(5000, local.loki_memory_mb * 4)',
    // What is read at a time is in memory.
    max_query_parallelism: hcl`max(2, min(2 * ${vcpus}, floor(local.loki_memory_mb / 512)))`,

    retention_hours: hcl`24 * ${retentionDays}`,
    loki_object_store: storage,
    // An object each, which differ in their types: Terraform's conditional takes texts.
    loki_storage_json: hcl`${storage} == "s3"
      ? jsonencode({ "s3": { "bucketnames": ${bucket}, "region": ${region} } })
      : jsonencode({ "filesystem": { "chunks_directory": "/loki/chunks", "rules_directory": "/loki/rules" } })`,
    loki_schema_json: hcl`jsonencode({ "configs": [{
      "from": "2024-04-01", "store": "tsdb", "object_store": ${storage}, "schema": "v13",
      "index": { "prefix": "index_", "period": "24h" }
    }] })`,
  };
}

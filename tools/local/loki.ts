import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/** A running Loki. */
export interface Loki {
  readonly url: string;
  /** The lines of a query over the last hours, oldest first. */
  query(logql: string): Promise<readonly Line[]>;
  stop(): Promise<void>;
}

export interface Line {
  /** Labels, and with them the structured metadata, as a query shows both. */
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly timestamp: string;
  readonly line: string;
}

/** Starts a real Loki, as one process with its data in a folder. */
export async function startLoki(command: string, folder: string): Promise<Loki> {
  const [http, grpc] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${http}`;
  const data = join(folder, 'loki');
  mkdirSync(data, { recursive: true });
  const config = join(data, 'loki.yaml');
  writeFileSync(config, configuration(http, grpc, data));
  const service = await startService({
    name: `Loki ${VERSIONS.loki}`,
    command,
    args: [`-config.file=${config}`],
    cwd: data,
    env: { HOME: data, TMPDIR: data },
    ready: (signal) => answers(url, signal),
    withinMs: 90_000,
  });
  return { url, query: (logql) => query(url, logql), stop: service.stop };
}

/** Loki's /ready waits half a minute, though pushes and queries work before. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const line = [String(Date.now() * 1e6), 'Loki takes pushes.'];
  const push = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'loki-shipper-start' }, values: [line] }] }),
    signal,
  });
  if (push.status !== 204) return false;
  return (await query(url, '{service_name="loki-shipper-start"}', signal)).length > 0;
}

async function query(url: string, logql: string, signal?: AbortSignal): Promise<readonly Line[]> {
  const start = String((Date.now() - 6 * 3_600_000) * 1e6);
  const parameters = new URLSearchParams({ query: logql, start, limit: '5000', direction: 'forward' });
  const response = await fetch(`${url}/loki/api/v1/query_range?${parameters}`, signal && { signal });
  if (!response.ok) throw new Error(`Loki does not answer ${logql}: ${response.status} ${await response.text()}`);
  const { data } = (await response.json()) as QueryAnswer;
  return data.result
    .flatMap(({ stream, values }) => values.map(([timestamp, line]) => ({ labels: stream, timestamp, line })))
    .sort((a, b) => (BigInt(a.timestamp) < BigInt(b.timestamp) ? -1 : 1));
}

interface QueryAnswer {
  readonly data: {
    readonly result: readonly {
      readonly stream: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [timestamp: string, line: string])[];
    }[];
  };
}

function configuration(http: number, grpc: number, data: string): string {
  return `
auth_enabled: false
server:
  http_listen_address: 127.0.0.1
  http_listen_port: ${http}
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: ${grpc}
  log_level: warn
common:
  instance_addr: 127.0.0.1
  path_prefix: ${data}
  replication_factor: 1
  ring: {kvstore: {store: inmemory}}
  storage: {filesystem: {chunks_directory: ${data}/chunks, rules_directory: ${data}/rules}}
schema_config:
  configs: [{from: 2024-04-01, store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]
ingester:
  lifecycler: {min_ready_duration: 0s, join_after: 0s}
# Without a frontend's address the querier looks for one in a ring, every ten seconds.
frontend_worker: {frontend_address: "127.0.0.1:${grpc}", dns_lookup_duration: 100ms}
query_range: {cache_results: false}
analytics: {reporting_enabled: false}
`;
}

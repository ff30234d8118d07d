import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './host-values.ts';
import { hostConfiguration, localConfiguration, merge, type Settings } from './loki-configuration.ts';
import { freePort, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/** A running Loki. */
export interface Loki {
  readonly url: string;
  /** The lines of a query over the last hours and the next one, oldest first. */
  query(logql: string, tenant?: string): Promise<readonly Line[]>;
  /** How many lines it refused so far, by its own reasons (`loki_discarded_samples_total`). */
  discarded(tenant?: string): Promise<Readonly<Record<string, number>>>;
  /** Stops it and starts it again, on the same ports, with the same data. */
  restart(): Promise<void>;
  /** Ends it as a crash does; `restart` starts it again. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Line {
  /** Labels, and with them the structured metadata, as a query shows both; less those that Loki shards by. */
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly timestamp: string;
  readonly line: string;
}

export type { Settings } from './loki-configuration.ts';

export interface LokiProps {
  /** Whose limits it has. @default - a host with the module's defaults */
  readonly host?: Host;
  /** Is put over the host's configuration. */
  readonly settings?: Settings;
  /** Limits (`limits_config`) by tenant. With them each request must name its tenant. */
  readonly tenants?: Readonly<Record<string, Settings>>;
}

/** The tenant of a Loki that has none. */
const NO_TENANT = 'fake';

/** Starts a real Loki, configured as the host's, as one process with its data in a folder. */
export async function startLoki(command: string, folder: string, props: LokiProps = {}): Promise<Loki> {
  const { host, settings = {}, tenants } = props;
  const [httpPort, grpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const data = join(folder, 'loki');
  mkdirSync(data, { recursive: true });
  const config = join(data, 'loki.yaml'); // JSON is YAML.
  const local = localConfiguration(hostConfiguration(host), { httpPort, grpcPort, data });
  writeFileSync(config, JSON.stringify(merge(local, settings, tenancy(data, tenants))));

  const start = () =>
    startService({
      name: `Loki ${VERSIONS.loki}`,
      command,
      args: [`-config.file=${config}`],
      cwd: data,
      env: { HOME: data, TMPDIR: data },
      ready: (signal) => answers(url, signal),
      withinMs: 90_000,
    });
  let service = await start();
  return {
    url,
    query: (logql, tenant) => query(url, logql, tenant),
    discarded: (tenant) => discarded(url, tenant),
    restart: async () => {
      await service.stop();
      service = await start();
    },
    kill: () => service.kill(),
    stop: () => service.stop(),
  };
}

/** Loki's /ready waits half a minute, though pushes and queries work before. */
export async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const line = [String(Date.now() * 1e6), 'Loki takes pushes.'];
  const push = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': NO_TENANT },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'loki-shipper-start' }, values: [line] }] }),
    signal,
  });
  if (push.status !== 204) return false;
  return (await query(url, '{service_name="loki-shipper-start"}', NO_TENANT, signal)).length > 0;
}

const HOUR_MS = 3_600_000;

export async function query(
  url: string,
  logql: string,
  tenant = NO_TENANT,
  signal?: AbortSignal,
): Promise<readonly Line[]> {
  const parameters = new URLSearchParams({
    query: logql,
    start: String((Date.now() - 6 * HOUR_MS) * 1e6),
    end: String((Date.now() + HOUR_MS) * 1e6),
    limit: '5000',
    direction: 'forward',
  });
  const response = await fetch(`${url}/loki/api/v1/query_range?${parameters}`, {
    headers: { 'x-scope-orgid': tenant },
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(`Loki does not answer ${logql}: ${response.status} ${await response.text()}`);
  const { data } = (await response.json()) as QueryAnswer;
  return data.result
    .flatMap(({ stream: { __time_shard__: _, ...labels }, values }) =>
      values.map(([timestamp, line]) => ({ labels, timestamp, line })),
    )
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

export async function discarded(url: string, tenant = NO_TENANT): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${url}/metrics`);
  const metrics = await response.text();
  const sums: Record<string, number> = {};
  for (const [, labels = '', value] of metrics.matchAll(/^loki_discarded_samples_total\{(.*)\} (\S+)$/gm)) {
    const reason = /\breason="([^"]*)"/.exec(labels)?.[1];
    if (reason && labels.includes(`tenant="${tenant}"`)) sums[reason] = (sums[reason] ?? 0) + Number(value);
  }
  return sums;
}

function tenancy(data: string, tenants: LokiProps['tenants']): Settings {
  if (!tenants) return {};
  const file = join(data, 'tenants.yaml');
  writeFileSync(file, JSON.stringify({ overrides: tenants }));
  return { auth_enabled: true, runtime_config: { file } };
}

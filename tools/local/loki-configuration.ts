import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../function/json.ts';
import { renderTemplate } from '../host-files.ts';
import { ROOT } from './folders.ts';
import { type Host, hostValues } from './host-values.ts';

/** A part of Loki's configuration, by Loki's own names. */
export type Settings = { readonly [name: string]: unknown };

/** Where Loki has its data in the container. */
const DATA = '/loki';
const LOOPBACK = '127.0.0.1';

/** Loki's configuration as a host has it. */
export function hostConfiguration(host?: Host): string {
  const template = readFileSync(join(ROOT, 'modules/loki/host/loki/loki.yaml.tftpl'), 'utf8');
  return renderTemplate(template, hostValues(host));
}

export interface Place {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Folder of all that Loki writes. */
  readonly data: string;
}

/** The host's configuration for a process on this machine: other addresses, ports and paths, and a start without waiting. */
export function localConfiguration(configuration: string, { httpPort, grpcPort, data }: Place): Settings {
  return merge(withData(parse(configuration), data) as Settings, {
    server: { http_listen_address: LOOPBACK, http_listen_port: httpPort, grpc_listen_port: grpcPort },
    frontend_worker: { frontend_address: `${LOOPBACK}:${grpcPort}`, dns_lookup_duration: '100ms' },
    ingester: { lifecycler: { min_ready_duration: '0s', join_after: '0s' } },
  });
}

function withData(value: unknown, data: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withData(item, data));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withData(item, data)]));
  const isPath = typeof value === 'string' && (value === DATA || value.startsWith(`${DATA}/`));
  return isPath ? data + value.slice(DATA.length) : value;
}

/** Objects are merged; of other values, the last counts. */
export function merge(...parts: readonly Settings[]): Settings {
  const merged: Record<string, unknown> = {};
  for (const part of parts)
    for (const [name, value] of Object.entries(part)) {
      const before = merged[name];
      merged[name] = isObject(before) && isObject(value) ? merge(before, value) : value;
    }
  return merged;
}

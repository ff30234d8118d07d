import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeDashboards } from '../modules/loki/dashboards/index.ts';
import { renderHostFiles } from '../tools/host-files.ts';
import { atEnd } from '../tools/local/at-end.ts';
import { onPath, run } from '../tools/local/commands.ts';
import { ROOT, removeFolder, runFolder } from '../tools/local/folders.ts';
import { hostValues } from '../tools/local/host-values.ts';
import { answers, discarded, type Loki, query } from '../tools/local/loki.ts';
import { freePort } from '../tools/local/service.ts';
import { VERSIONS } from '../tools/local/versions.ts';
import { composeOf } from './compose.ts';
import { containerOf } from './units.ts';

/** @returns the path of Docker's program, or undefined when no Docker with `docker compose` runs on this machine */
export async function findDocker(): Promise<string | undefined> {
  const docker = onPath('docker');
  if (!docker || (await run(docker, ['info'])).status !== 0) return undefined;
  return (await run(docker, ['compose', 'version'])).status === 0 ? docker : undefined;
}

/** The host's containers on this machine. */
export interface Twin {
  /** Stopping it ends all of the twin. */
  readonly loki: Loki;
  readonly grafanaUrl: string;
}

const SERVICES = ['loki', 'grafana'] as const;

/**
 * Runs what the units of the host run, with the files that the host has, with Docker.
 *
 * @throws Error when it does not start, for example because an image cannot be had
 */
export async function startTwin(docker: string): Promise<Twin> {
  const folder = runFolder();
  const ports = { loki: await freePort(), grafana: await freePort() };
  const file = writeTwin(folder, ports);
  const project = ['compose', '--project-name', `loki-shipper-demo-${ports.loki}`, '--file', file];
  const down = () => void spawnSync(docker, [...project, 'down', '--volumes', '--timeout', '5'], { stdio: 'ignore' });
  const callOff = atEnd(down);
  const stop = async () => {
    down();
    callOff();
    removeFolder(folder);
  };
  const compose = async (...args: readonly string[]) => {
    const { status, stderr } = await run(docker, [...project, ...args]);
    if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1));
  };

  const [url, grafanaUrl] = [`http://127.0.0.1:${ports.loki}`, `http://127.0.0.1:${ports.grafana}`];
  try {
    await compose('up', '--detach');
    await until('Loki', (signal) => answers(url, signal));
    await until('Grafana', async (signal) => (await fetch(`${grafanaUrl}/api/health`, { signal })).ok);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    loki: {
      url,
      query: (logql, tenant) => query(url, logql, tenant),
      discarded: (tenant) => discarded(url, tenant),
      restart: () => compose('restart', 'loki'),
      kill: () => compose('kill', 'loki'),
      stop,
    },
    grafanaUrl,
  };
}

async function until(name: string, ready: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await ready(AbortSignal.timeout(2_000)).catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${name} did not answer within a minute.`);
    await delay(200);
  }
}

/** Reached from this machine only, and gone with the demo. */
const GRAFANA_SETTINGS = {
  GF_AUTH_ANONYMOUS_ENABLED: 'true',
  GF_AUTH_ANONYMOUS_ORG_ROLE: 'Editor',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
};

/** What only an account has is not used by the containers. */
const VALUES = {
  ...hostValues(),
  name: 'loki-shipper',
  loki_image: VERSIONS.lokiImage,
  grafana_image: VERSIONS.grafana,
  grafana_settings_json: JSON.stringify(GRAFANA_SETTINGS),
  metric_namespace: '',
  maintenance_window: '',
  volume_id: '',
  push_secret_arn: '',
  grafana_admin_secret_arn: '',
  grafana_secret_key_arn: '',
  certificate_secret_arn: '',
};

/** Writes the host's files and the compose file. @returns the latter's path */
export function writeTwin(folder: string, ports: Readonly<Record<(typeof SERVICES)[number], number>>): string {
  const files = renderHostFiles(join(ROOT, 'modules/loki/host'), VALUES);
  const text = (path: string) => String(files.get(path));
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of files) if (/^(loki|grafana)\//.test(path)) write(path, content);
  writeDashboards(folder);
  for (const name of ['admin-password', 'secret-key']) write(`secrets/grafana/${name}`, 'of the demo alone');
  const settings = Object.entries(JSON.parse(text('grafana/settings.json')));
  write('grafana/grafana.env', settings.map(([name, value]) => `${name}=${value}\n`).join(''));

  const containers = Object.fromEntries(
    SERVICES.map((service) => [service, containerOf(text(`units/${service}.service`), text('host.env'))]),
  );
  write(
    'compose.yaml',
    JSON.stringify(composeOf(containers, { ports, paths: { '/var/lib/loki-host': folder } }), null, 2),
  );
  return join(folder, 'compose.yaml');
}

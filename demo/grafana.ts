import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atEnd } from '../tools/local/at-end.ts';
import { onPath, run } from '../tools/local/commands.ts';
import { freePort } from '../tools/local/service.ts';
import { VERSIONS } from '../tools/local/versions.ts';

/** @returns the path of Docker's program, or undefined when no Docker runs on this machine */
export async function findDocker(): Promise<string | undefined> {
  const docker = onPath('docker');
  return docker && (await run(docker, ['info'])).status === 0 ? docker : undefined;
}

/** A Grafana in a container, with the demo's Loki as its data source. */
export interface Grafana {
  readonly url: string;
  stop(): void;
}

/** @throws Error when it does not start, for example because the image cannot be had */
export async function startGrafana(docker: string, lokiUrl: string, folder: string): Promise<Grafana> {
  const port = await freePort();
  const name = `loki-shipper-demo-${port}`;
  const stop = () => void spawnSync(docker, ['rm', '--force', name], { stdio: 'ignore' });
  const callOff = atEnd(stop);
  const started = await run(docker, containerArguments(name, port, writeProvisioning(lokiUrl, folder)));
  if (started.status !== 0) throw new Error(started.stderr.trim().split('\n').at(-1));

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await isHealthy(url))) {
    if (Date.now() > deadline) {
      stop();
      throw new Error('it did not answer within a minute.');
    }
    await delay(200);
  }
  return {
    url,
    stop: () => {
      stop();
      callOff();
    },
  };
}

/** On Linux a container can share this machine's loopback; Docker's virtual machines elsewhere forward a name to it. */
const SHARES_LOOPBACK = process.platform === 'linux';

/** @returns the folder with the data source */
function writeProvisioning(lokiUrl: string, folder: string): string {
  const provisioning = join(folder, 'grafana');
  mkdirSync(join(provisioning, 'datasources'), { recursive: true });
  const url = SHARES_LOOPBACK ? lokiUrl : lokiUrl.replace('127.0.0.1', 'host.docker.internal');
  const datasources = [{ name: 'Loki', uid: 'loki', type: 'loki', access: 'proxy', url, isDefault: true }];
  writeFileSync(join(provisioning, 'datasources', 'loki.yaml'), JSON.stringify({ apiVersion: 1, datasources }));
  return provisioning;
}

function containerArguments(name: string, port: number, provisioning: string): readonly string[] {
  const settings = {
    GF_SERVER_HTTP_ADDR: SHARES_LOOPBACK ? '127.0.0.1' : '0.0.0.0',
    GF_SERVER_HTTP_PORT: String(SHARES_LOOPBACK ? port : 3000),
    GF_AUTH_ANONYMOUS_ENABLED: 'true', // Reached from this machine only, and gone with the demo.
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Editor',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
  };
  return [
    ...['run', '--detach', '--rm', '--name', name, '--volume', `${provisioning}:/etc/grafana/provisioning:ro`],
    ...(SHARES_LOOPBACK ? ['--network', 'host'] : ['--publish', `127.0.0.1:${port}:3000`]),
    ...Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    VERSIONS.grafana,
  ];
}

async function isHealthy(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000);
  return fetch(`${url}/api/health`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  );
}

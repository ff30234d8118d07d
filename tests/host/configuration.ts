import { manifestOf, renderHostFiles, type TemplateValues } from '../../tools/host-files.ts';
import type { Sandbox } from './sandbox.ts';
import { VALUES } from './values.ts';

/** Files that the scripts only bring to their place: small ones here, so that a test can change them. */
const BROUGHT = {
  'loki/loki.yaml': 'auth_enabled: false\n',
  'nginx/loki-host.conf': 'server { listen 3100; }\n',
  'grafana/provisioning/datasources/loki.yaml': 'apiVersion: 1\n',
  'grafana/dashboards/loki-host.json': '{"title":"Loki host"}\n',
} as const;

export interface ConfigurationProps {
  /** Over the usual ones. */
  readonly values?: TemplateValues;
  /** Path → content, over those of the module. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where Grafana and Loki are on this machine. */
  readonly ports?: { readonly grafana?: number; readonly loki?: number };
}

/** The files of a host as Terraform would upload them, with their manifest. */
export function configuration({ values, files, ports = {} }: ConfigurationProps = {}): ReadonlyMap<string, Buffer> {
  const all = renderHostFiles('modules/loki/host', { ...VALUES, ...values });
  for (const [path, content] of Object.entries({ ...BROUGHT, ...files })) all.set(path, Buffer.from(content));
  const settings = String(all.get('host.env'))
    .replace('GRAFANA_PORT="3000"', `GRAFANA_PORT="${ports.grafana ?? 3000}"`)
    .replace('LOKI_PORT="3101"', `LOKI_PORT="${ports.loki ?? 3101}"`);
  all.set('host.env', Buffer.from(settings));
  return all.set('manifest.sha256', Buffer.from(manifestOf(all)));
}

/** Uploads files to the bucket of the host, over those that are there. */
export function upload(sandbox: Sandbox, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, content] of files) sandbox.write(`/stand-ins/bucket/${VALUES.config_bucket}/host/${path}`, content);
}

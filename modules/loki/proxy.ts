import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';

/** What the proxy's configuration depends on: expressions. */
export interface ProxyProps {
  /** Whether there is a certificate. */
  readonly hasCertificate: string;
  /** Whether Grafana is reached from elsewhere, for which there must be a certificate. */
  readonly showsGrafana: string;
  /** The name that the certificate is for. */
  readonly serverName: string;
}

/** The parts of nginx's configuration that are not always there, each as a local. */
export function defineProxy(module: ModuleStack, props: ProxyProps): void {
  for (const [name, value] of Object.entries(proxy(props))) module.local(name, value);
}

/** The last one ends without its semicolon, as they stand in `listen 3100 ${nginx_tls};`. */
const TLS =
  'ssl; ssl_certificate /etc/loki-host/tls.crt; ssl_certificate_key /etc/loki-host/tls.key; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:loki-host:1m';

/** Grafana looks at the host that was asked for: another would be no origin of its websockets. */
const GRAFANA = [
  'location / {',
  'proxy_pass http://127.0.0.1:3000;',
  'proxy_http_version 1.1;',
  'proxy_read_timeout 140s;',
  'proxy_set_header Host $http_host;',
  'proxy_set_header X-Forwarded-Proto https;',
  'proxy_set_header X-Forwarded-For $remote_addr;',
  'proxy_set_header Connection $loki_host_connection;',
  'proxy_set_header Upgrade $http_upgrade;',
  '}',
].join(' ');

/** Name of a local → its expression, as of `limits`. */
export function proxy({ hasCertificate, showsGrafana, serverName }: ProxyProps): Readonly<Record<string, string>> {
  return {
    nginx_tls: hcl`${hasCertificate} ? "${TLS}" : ""`,
    nginx_grafana: hcl`${hasCertificate} && ${showsGrafana}
      ? join("", ["server { listen 443 ${TLS}; server_name ", ${serverName}, "; client_max_body_size 16m; ${GRAFANA} }"]) : ""`,
  };
}

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { hostValues } from '../../tools/local/host-values.ts';
import { findNginx, startNginx } from '../../tools/local/nginx.ts';
import { freePort, type Service } from '../../tools/local/service.ts';
import { selfSigned } from '../function/delivery/certificate.ts';
import { USER, writePassword } from '../support/htpasswd.ts';
import { orSkip } from '../support/parts.ts';

const PASSWORD = randomBytes(24).toString('base64url');
const PUSH = '/loki/api/v1/push';

/** Methods and URLs that came through to Loki, which answers all of them as it does a push. */
class Upstream {
  readonly seen: { method: string; url: string; headers: IncomingMessage['headers']; bytes: number }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (incoming, answer) => {
      let bytes = 0;
      for await (const chunk of incoming) bytes += (chunk as Buffer).length;
      const { method = '', url = '', headers } = incoming;
      this.seen.push({ method, url, headers, bytes });
      answer.writeHead(204).end();
    });
    this.#server.on('upgrade', ({ method = '', url = '', headers }, socket) => {
      this.seen.push({ method, url, headers, bytes: 0 });
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\na line');
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

interface Asked {
  readonly method?: string;
  /** Default: the right one; "" for none. */
  readonly password?: string;
  readonly body?: Buffer;
}

describe("The host's proxy", function () {
  this.timeout(30_000);
  const loki = new Upstream();
  const grafana = new Upstream();
  let nginx: Service;
  let secured: Service;
  let port: number;
  let securedPorts: { readonly pushPort: number; readonly grafanaPort: number };
  let folder: string;

  before(async function () {
    const program = await orSkip(this, () => findNginx(console.error));
    folder = runFolder();
    const upstreams = { lokiPort: await loki.start(), grafanaUpstreamPort: await grafana.start() };
    const ports = async () => ({ pushPort: await freePort(), grafanaPort: await freePort() });
    const plain = { ...upstreams, ...(await ports()), folder: `${folder}/plain` };
    const tls = { ...upstreams, ...(await ports()), folder: `${folder}/tls` };
    for (const { folder } of [plain, tls]) writePassword(folder, PASSWORD);
    const { key, cert } = selfSigned();
    writeFileSync(`${tls.folder}/tls.key`, key);
    writeFileSync(`${tls.folder}/tls.crt`, cert);
    const certified = { hasCertificate: true, showsGrafana: true, serverName: 'localhost' };
    nginx = await startNginx(program, hostValues(), plain);
    secured = await startNginx(program, hostValues(certified), tls);
    port = plain.pushPort;
    securedPorts = tls;
  });
  after(async () => {
    await Promise.all([nginx, secured].map((one) => one?.stop()));
    for (const upstream of [loki, grafana]) upstream.stop();
    if (folder) removeFolder(folder);
  });
  beforeEach(() => {
    loki.seen.length = 0;
  });

  /** Asks for a path exactly as it stands, which a URL would not do. */
  function ask(path: string, { method = 'GET', password = PASSWORD, body }: Asked = {}): Promise<number | undefined> {
    const auth = password && { auth: `${USER}:${password}` };
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, ...auth }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      })
        .once('error', reject)
        .end(body);
    });
  }

  it('lets a push through with the password only', async () => {
    expect(await ask(PUSH, { method: 'POST' })).to.equal(204);
    expect(await ask(PUSH, { method: 'POST', password: 'another' })).to.equal(401);
    expect(await ask(PUSH, { method: 'POST', password: '' })).to.equal(401);
    expect(loki.seen.map(({ method, url }) => `${method} ${url}`)).to.deep.equal([`POST ${PUSH}`]);
  });

  it('keeps the password to itself', async () => {
    await ask(PUSH, { method: 'POST' });
    expect(loki.seen[0]?.headers).to.not.have.property('authorization');
    expect(readFileSync(`${folder}/plain/loki-host.log`, 'utf8')).to.not.contain(PASSWORD);
  });

  it('lets through what queries ask, and nothing without the password', async () => {
    const api = [
      'query?query=%7Ba%3D%22b%2Fc%22%7D',
      'query_range?query=x&limit=5',
      'labels',
      'label/service_name/values?query=x',
      'series?match[]=x',
      'index/stats',
      'index/volume',
      'index/volume_range',
      'patterns',
      'detected_labels',
      'detected_fields',
      'detected_field/a.b/values',
      'format_query',
      'drilldown-limits',
      'status/buildinfo',
    ].map((path) => `/loki/api/v1/${path}`);
    for (const path of api) {
      expect(await ask(path), path).to.equal(204);
      expect(await ask(path, { method: 'POST' }), path).to.equal(204);
      expect(await ask(path, { password: '' }), path).to.equal(401);
    }
    expect(loki.seen.map(({ url }) => url)).to.deep.equal(api.flatMap((path) => [path, path]));
  });

  it('takes no other method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) expect(await ask(PUSH, { method }), method).to.equal(403);
    for (const method of ['PUT', 'DELETE']) expect(await ask('/loki/api/v1/labels', { method }), method).to.equal(403);
    expect(loki.seen).to.be.empty;
  });

  it('never lets through what administers Loki, however it is spelled', async () => {
    const administers = [
      '/loki/api/v1/delete',
      '/loki/api/v1/rules',
      '/loki/api/v1/cache/generation_numbers',
      '/compactor/ring',
      '/config',
      '/debug/pprof/heap',
      '/flush',
      '/ingester/prepare_shutdown',
      '/ingester/shutdown',
      '/log_level',
      '/metrics',
      '/otlp/v1/logs',
      '/ring',
      '/services',
      '/api/prom/push',
      '/',
    ];
    for (const path of administers)
      for (const spelling of spellingsOf(path))
        for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
          expect(await ask(spelling, { method }), `${method} ${spelling}`).to.be.oneOf([400, 403, 404]);
    expect(loki.seen).to.be.empty;
  });

  it('hands on what it read, where another reader would find another path', async () => {
    const paths = ['//loki/api/v1//push', '/loki/api/v1/delete/../push', '/loki%2fapi/v1/delete/%2e%2e/push'];
    for (const path of paths) expect(await ask(path, { method: 'POST' }), path).to.equal(204);
    expect(loki.seen.map(({ url }) => url)).to.deep.equal(paths.map(() => PUSH));
    for (const label of ['x%2f..%2f..%2fdelete', 'x%3fy', 'x%0d%0aX:y', '%2e%2e'])
      expect(await ask(`/loki/api/v1/label/${label}/values`), label).to.equal(404);
    expect(loki.seen).to.have.length(paths.length);
  });

  it('takes a push of 5 MB, and refuses one that Loki would not take', async () => {
    expect(await ask(PUSH, { method: 'POST', body: randomBytes(5_000_000) })).to.equal(204);
    expect(loki.seen[0]).to.include({ bytes: 5_000_000 });
    expect(await ask(PUSH, { method: 'POST', body: randomBytes(17 * 1024 ** 2) })).to.equal(413);
  });

  it('hands on a live tail', async () => {
    const login = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /loki/api/v1/tail?query=x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ${login}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).to.match(/^HTTP\/1\.1 101 .*a line$/s);
    expect(loki.seen[0]?.headers).to.include({ upgrade: 'websocket', connection: 'upgrade' });
  });

  it('speaks TLS only where there is a certificate, and shows Grafana there', async () => {
    const { pushPort, grafanaPort } = securedPorts;
    const auth = `${USER}:${PASSWORD}`;
    const statusOf = (options: object) =>
      new Promise<number | undefined>((resolve, reject) => {
        secureRequest({ host: '127.0.0.1', rejectUnauthorized: false, agent: false, ...options }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode));
        })
          .once('error', reject)
          .end();
      });
    expect(await statusOf({ port: pushPort, path: PUSH, method: 'POST', auth })).to.equal(204);
    expect(await statusOf({ port: pushPort, path: PUSH, method: 'POST' })).to.equal(401);
    const headers = { host: 'logs.example.com' };
    expect(await statusOf({ port: grafanaPort, path: '/api/health', headers })).to.equal(204);
    expect(grafana.seen[0]?.headers).to.include({ host: 'logs.example.com', 'x-forwarded-proto': 'https' });
    expect((await fetch(`http://127.0.0.1:${pushPort}${PUSH}`, { method: 'POST' })).status).to.equal(400);
  });
});

/** A path as it stands, and as others write it. */
function spellingsOf(path: string): readonly string[] {
  const rest = path.slice(1);
  return [
    path,
    `${path}/`,
    `//${rest}`,
    `/%2f${rest}`,
    `/./${rest}`,
    `/loki/api/v1/push/../../../..${path}`,
    `/loki/api/v1/push%2f..%2f..%2f..%2f..%2f${rest}`,
    `/loki/api/v1/label/../../../..${path}`,
    `/loki/api/v1/label/x/values/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e${path}`,
    path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    `${path}?x=/loki/api/v1/push`,
    `${path}%3f`,
    `${path};/loki/api/v1/push`,
  ];
}

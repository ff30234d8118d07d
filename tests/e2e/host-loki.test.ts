import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { load } from '../../bench/host-load.ts';
import { isObject } from '../../function/json.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { hostValues } from '../../tools/local/host-values.ts';
import { type Loki, startLoki } from '../../tools/local/loki.ts';
import { hostConfiguration, localConfiguration } from '../../tools/local/loki-configuration.ts';
import { findNginx, startNginx } from '../../tools/local/nginx.ts';
import { freePort } from '../../tools/local/service.ts';
import { eventually } from '../support/eventually.ts';
import { USER, writePassword } from '../support/htpasswd.ts';
import { numberOf, pushLines } from '../support/loki-api.ts';
import { orSkip } from '../support/parts.ts';

const HOUR = 3_600_000;
/** t4g.small, medium, large, xlarge, 2xlarge: MiB and vCPUs. */
const SIZES = [
  [2048, 2],
  [4096, 2],
  [8192, 2],
  [16_384, 4],
  [32_768, 8],
] as const;

describe("The host's configuration of Loki", function () {
  this.timeout(120_000);
  let program: string;
  let folder: string;
  let loki: Loki;

  before(async function () {
    program = await orSkip(this, () => findLoki(console.error));
    folder = runFolder();
    loki = await startLoki(program, folder, { host: { memoryMb: 2048 } });
  });
  after(async () => {
    await loki?.stop();
    if (folder) removeFolder(folder);
  });

  /** What Loki says against a configuration. */
  function complaint(configuration: string): string {
    const file = `${folder}/verified.yaml`;
    writeFileSync(file, configuration);
    const { status, stderr } = spawnSync(program, ['-verify-config', `-config.file=${file}`], { encoding: 'utf8' });
    return status === 0 ? '' : stderr || `status ${status}`;
  }

  for (const [memoryMb, vcpus] of SIZES)
    for (const storage of ['filesystem', 's3'])
      it(`is right for Loki, with ${memoryMb} MiB and ${storage}`, () => {
        expect(complaint(hostConfiguration({ memoryMb, vcpus, storage, bucket: 'chunks' }))).to.equal('');
      });

  it('would not be right with a name that Loki does not know, or without what retention needs', () => {
    const configuration = hostConfiguration();
    expect(complaint(configuration.replace('chunk_encoding', 'encoding'))).to.contain('field encoding not found');
    expect(complaint(configuration.replace(/^ {2}delete_request_store: .*$/m, ''))).to.contain('delete-request-store');
  });

  it('is that of the Loki of all tests, but for addresses, ports, paths and the wait at its start', () => {
    const host = hostConfiguration();
    const local = localConfiguration(host, { httpPort: 1, grpcPort: 2, data: '/tmp/data' });
    expect(differences(parse(host), local)).to.deep.equal({
      'common.path_prefix': ['/loki', '/tmp/data'],
      'common.storage.filesystem.chunks_directory': ['/loki/chunks', '/tmp/data/chunks'],
      'common.storage.filesystem.rules_directory': ['/loki/rules', '/tmp/data/rules'],
      'compactor.working_directory': ['/loki/compactor', '/tmp/data/compactor'],
      'frontend_worker.dns_lookup_duration': [undefined, '100ms'],
      'frontend_worker.frontend_address': ['127.0.0.1:9095', '127.0.0.1:2'],
      'ingester.lifecycler': [undefined, { min_ready_duration: '0s', join_after: '0s' }],
      'ingester.wal.dir': ['/loki/wal', '/tmp/data/wal'],
      'server.grpc_listen_port': [9095, 2],
      'server.http_listen_address': ['0.0.0.0', '127.0.0.1'],
      'server.http_listen_port': [3100, 1],
      'storage_config.filesystem.directory': ['/loki/chunks', '/tmp/data/chunks'],
      'storage_config.tsdb_shipper.active_index_directory': ['/loki/tsdb-index', '/tmp/data/tsdb-index'],
      'storage_config.tsdb_shipper.cache_location': ['/loki/tsdb-cache', '/tmp/data/tsdb-cache'],
    });
  });

  it('takes lines in any order up to a week back, and shows one that comes twice once', async () => {
    const now = Date.now();
    const lines = [0, 1, 100, 30, 167, 100, 0].map((hours) => [now - hours * HOUR, `${hours} hours ago`] as const);
    for (const line of lines) expect(await pushLines(loki, 'late', [line])).to.deep.equal({ status: 204, text: '' });
    // Of what is older than some hours, a query finds what Loki has written out.
    await fetch(`${loki.url}/flush`, { method: 'POST' });
    const count = () => numberOf(loki, 'sum(count_over_time({service_name="late"}[168h]))');
    await eventually('all lines', async () => (await count()) === 5);
    expect((await loki.query('{service_name="late"}')).map(({ labels }) => labels)).to.deep.equal(
      Array.from({ length: 2 }, () => ({ service_name: 'late', detected_level: 'unknown' })),
    );
  });

  it('refuses what the shipper parks before: lines older than a week, more than ten minutes ahead, or too long', async () => {
    const now = Date.now();
    const refused = (line: readonly [number, string]) => pushLines(loki, 'refused', [line]);
    expect((await refused([now - 169 * HOUR, 'old'])).text).to.contain('timestamp too old');
    expect((await refused([now + HOUR, 'ahead'])).text).to.contain('timestamp too new');
    expect((await refused([now, 'x'.repeat(262_145)])).text).to.contain('max entry size');
    expect(await refused([now, 'x'.repeat(262_144)])).to.include({ status: 204 });
  });

  it('lets nobody delete lines, who may query through Grafana', async () => {
    const start = String(Math.floor((Date.now() - HOUR) / 1000));
    const query = new URLSearchParams({ query: '{service_name="late"}', start });
    const { status } = await fetch(`${loki.url}/loki/api/v1/delete?${query}`, { method: 'POST' });
    expect(status).to.equal(403);
  });

  it('takes a push of more than 4 MiB', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => [Date.now() + i, 'x'.repeat(150_000)] as const);
    expect(await pushLines(loki, 'large', lines)).to.deep.equal({ status: 204, text: '' });
  });

  it('takes what the shipper pushes through the proxy, and answers there', async function () {
    const nginx = await orSkip(this, () => findNginx(console.error));
    const [pushPort, grafanaPort] = [await freePort(), await freePort()];
    const place = { pushPort, grafanaPort, lokiPort: Number(new URL(loki.url).port), grafanaUpstreamPort: grafanaPort };
    writePassword(`${folder}/nginx`, 'a password');
    const proxy = await startNginx(nginx, hostValues(), { ...place, folder: `${folder}/nginx` });
    try {
      const url = `http://127.0.0.1:${pushPort}`;
      const headers = { authorization: `Basic ${Buffer.from(`${USER}:a password`).toString('base64')}` };
      const loaded = await load({ url, bytes: 5_000_000, groups: 2, spanMs: 1_000, headers });
      const query = new URLSearchParams({ query: 'sum(count_over_time({service_name=~"fun-.*"}[1h]))' });
      const answer = await fetch(`${url}/loki/api/v1/query?${query}`, { headers });
      expect(Number(JSON.parse(await answer.text()).data.result[0].value[1])).to.equal(loaded.lines);
      expect((await fetch(`${url}/loki/api/v1/query?${query}`)).status).to.equal(401);
    } finally {
      await proxy.stop();
    }
  });

  it('meets the limit that refuses a whole push before those of a stream', async () => {
    const { limits_config: limits } = parse(hostConfiguration());
    const megabytes = (text: string) => Number(/^(\d+)MB$/.exec(text)?.[1]);
    expect(megabytes(limits.per_stream_rate_limit)).to.be.at.least(limits.ingestion_rate_mb);
    expect(megabytes(limits.per_stream_rate_limit_burst)).to.be.at.least(limits.ingestion_burst_size_mb);
  });

  it('has what Logs Drilldown asks for', async () => {
    await pushLines(loki, 'drilldown', [[Date.now(), 'level=error msg="order 4711 failed"']]);
    const range = new URLSearchParams({
      query: '{service_name="drilldown"}',
      start: `${Date.now() - HOUR}000000`,
      end: `${Date.now()}000000`,
    });
    for (const path of ['index/volume', 'patterns', 'detected_fields', 'detected_labels'])
      expect((await fetch(`${loki.url}/loki/api/v1/${path}?${range}`)).status, path).to.equal(200);
    expect((await loki.query('{service_name="drilldown"} | detected_level="error"')).length).to.equal(1);
  });
});

/** Path of what differs → what both have there. */
function differences(a: unknown, b: unknown, path = ''): Record<string, readonly [unknown, unknown]> {
  if (JSON.stringify(a) === JSON.stringify(b)) return {};
  if (!isObject(a) || !isObject(b)) return { [path]: [a, b] };
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.assign({}, ...[...names].map((name) => differences(a[name], b[name], path ? `${path}.${name}` : name)));
}

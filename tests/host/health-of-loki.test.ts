import { expect } from 'chai';
import { findLoki } from '../../tools/local/find-loki.ts';
import { runFolder } from '../../tools/local/folders.ts';
import { type Loki, type LokiProps, startLoki } from '../../tools/local/loki.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { checkHealth, fields } from './health.ts';
import { useScene } from './scene.ts';

/** What the dashboard "Loki host" reads. */
const FIELDS = [
  ...['level', 'msg', 'loki', 'grafana', 'applied', 'disk_used_percent', 'disk_free_bytes', 'wal_bytes'],
  ...['wal_disk_used_percent', 'streams', 'ingested_bytes', 'ingested_lines', 'push_errors'],
  ...['memory_used_percent', 'swap_used_bytes', 'load1'],
];

/** A real Loki for the tests of a suite, and a host that takes it for its own. */
function useLoki(props: LokiProps = {}) {
  let loki: Loki;
  before(async function () {
    const program = await orSkip(this, () => findLoki(console.error));
    loki = await startLoki(program, runFolder(), props);
  });
  after(() => loki?.stop());
  const scene = useScene();
  beforeEach(async () => {
    scene.lokiPort = Number(new URL(loki.url).port);
    expect(await scene.apply(), scene.report()).to.equal(0);
  });
  return { scene, loki: () => loki };
}

describe('The health of the host', function () {
  this.timeout(120_000);
  const { scene, loki } = useLoki();
  const check = () => checkHealth(scene.sandbox);
  const stored = async () => (await loki().query('{service_name="loki-host", host="logs"}')).map(({ line }) => line);
  const last = async () => fields((await stored()).at(-1) ?? '');

  async function push(stream: string, timeMs: number): Promise<number> {
    const values = [[String(BigInt(timeMs) * 1_000_000n), 'old line']];
    const { status } = await fetch(`${loki().url}/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams: [{ stream: { service_name: stream }, values }] }),
    });
    return status;
  }

  it('is a line in Loki, and metrics', async () => {
    const before = (await stored()).length;
    const metrics = await check();
    expect(metrics).to.have.keys('LokiHealthy', 'GrafanaHealthy', 'HostApplied', 'DataDiskUsed');
    expect(metrics).to.include({ LokiHealthy: 1, GrafanaHealthy: 1, HostApplied: 1 });
    await eventually('the line', async () => (await stored()).length > before);
    const line = await last();
    expect(line).to.have.keys(FIELDS);
    expect(line).to.include({ level: 'info', msg: 'health', loki: '1', grafana: '1', applied: '1' });
    expect(Number(line.disk_used_percent)).to.equal(metrics.DataDiskUsed).and.within(1, 20);
    expect(Number(line.disk_free_bytes)).to.be.within(200_000_000, 320_000_000);
    expect(Number(line.memory_used_percent)).to.be.within(0.1, 100);
    expect(Number(line.streams)).to.be.at.least(1);
    for (const field of FIELDS.slice(5)) expect(line[field], field).to.match(/^\d+(\.\d+)?$/);
  });

  it("counts by Loki's own counters", async () => {
    await check();
    expect(await push('counted', Date.now())).to.equal(204);
    for (const year of [1970, 1971]) expect(await push('old', Date.UTC(year, 0, 1))).to.equal(400);
    await check();
    const [health = '', discarded] = (await stored()).slice(-2);
    // One that was stored, two that were discarded, and the line of the check before.
    expect(fields(health)).to.include({ ingested_lines: '4', push_errors: '0' });
    expect(discarded).to.equal('level=warn msg=discarded reason=greater_than_max_sample_age lines=2 bytes=16');
  });

  it('is not that of Loki when Loki does not answer', async () => {
    scene.lokiPort = 9;
    await scene.apply();
    scene.sandbox.calls();
    const { stdout } = await scene.sandbox.run('bash', '/opt/loki-host/bin/health');
    expect(stdout).to.match(/level=error msg=health loki=0 status=000 grafana=1 applied=1 /);
    expect(scene.sandbox.calls().at(-1)).to.include('MetricName=LokiHealthy,Value=0');
  });

  it('is not that of Grafana when Grafana does not answer', async () => {
    await scene.apply({ ports: { grafana: 9 } });
    expect(await check()).to.include({ LokiHealthy: 1, GrafanaHealthy: 0 });
    expect(await last()).to.include({ grafana: '0' });
  });

  it('tells that the newest configuration is not applied, also when nobody has looked for a while', async () => {
    scene.sandbox.failing('^systemctl restart loki$');
    await scene.apply({ files: { 'loki/loki.yaml': 'another: one\n' } });
    scene.sandbox.failing();
    expect((await check()).HostApplied).to.equal(0);
    await scene.apply();
    expect((await check()).HostApplied).to.equal(1);
    await scene.sandbox.output('touch', '--date', '16 minutes ago', '/var/lib/loki-host/applied');
    expect((await check()).HostApplied).to.equal(0);
  });

  it('has no number of a disk that is not there', async () => {
    await scene.sandbox.output('umount', '/data');
    expect(await check()).to.have.keys('LokiHealthy', 'GrafanaHealthy', 'HostApplied');
    expect(await last()).not.to.have.any.keys('disk_used_percent', 'disk_free_bytes', 'wal_bytes');
  });
});

describe('The health of a host with a full disk', function () {
  this.timeout(120_000);
  // Any disk is as full as this.
  const { scene, loki } = useLoki({ settings: { ingester: { wal: { disk_full_threshold: 0.0001 } } } });

  it('is not that of Loki, although Loki says that it is ready', async () => {
    const check = async () => {
      scene.sandbox.calls();
      const { stdout } = await scene.sandbox.run('bash', '/opt/loki-host/bin/health');
      return stdout.includes('loki=0 status=500') && scene.sandbox.calls().at(-1);
    };
    // Loki looks at its disk every ten seconds.
    expect(await eventually('a refused push', check, 60_000)).to.include('MetricName=LokiHealthy,Value=0');
    await eventually('Loki says it is ready', async () => (await fetch(`${loki().url}/ready`)).ok, 60_000);
    expect(await check()).to.include('MetricName=LokiHealthy,Value=0');
  });
});

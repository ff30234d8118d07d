import { expect } from 'chai';
import { type FakeLoki, startFakeLoki } from './fake-loki.ts';
import { checkHealth, fields } from './health.ts';
import { useScene } from './scene.ts';

const DISCARDED = { format: 'loki', policy: '', reason: 'rate_limited', retention_hours: '720', tenant: 'fake' };

const labels = (all: Readonly<Record<string, string>>) =>
  `{${Object.entries(all)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;

/** Series as Loki 3.7.6 has them. */
const SERIES = {
  bytes: 'loki_distributor_bytes_received_total{is_internal_stream="false",tenant="fake"}',
  lines: 'loki_distributor_lines_received_total{is_internal_stream="false",tenant="fake"}',
  linesOfOther: 'loki_distributor_lines_received_total{is_internal_stream="true",tenant="fake"}',
  ok: 'loki_request_duration_seconds_count{method="POST",route="loki_api_v1_push",status_code="204",ws="false"}',
  refused: 'loki_request_duration_seconds_count{method="POST",route="loki_api_v1_push",status_code="400",ws="false"}',
  failed: 'loki_request_duration_seconds_count{method="POST",route="loki_api_v1_push",status_code="500",ws="false"}',
  query: 'loki_request_duration_seconds_count{method="GET",route="loki_api_v1_query",status_code="500",ws="false"}',
  discardedLines: `loki_discarded_samples_total${labels(DISCARDED)}`,
  discardedBytes: `loki_discarded_bytes_total${labels(DISCARDED)}`,
  oldLines: `loki_discarded_samples_total${labels({ ...DISCARDED, reason: 'too_far_behind' })}`,
  oldBytes: `loki_discarded_bytes_total${labels({ ...DISCARDED, reason: 'too_far_behind' })}`,
  streams: 'loki_ingester_memory_streams{tenant="fake"}',
  labelBytes: 'loki_ingester_memory_streams_labels_bytes',
  walDisk: 'loki_ingester_wal_disk_usage_percent',
} as const;

type Numbers = Partial<Record<keyof typeof SERIES, number>>;

describe('The health line of the host', function () {
  this.timeout(60_000);
  let loki: FakeLoki;
  const scene = useScene();
  beforeEach(async () => {
    loki = await startFakeLoki();
    scene.lokiPort = loki.port;
    expect(await scene.apply(), scene.report()).to.equal(0);
    scene.sandbox.calls();
  });
  afterEach(() => loki.stop());

  const has = (numbers: Numbers) => {
    loki.metrics = Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [SERIES[name as keyof Numbers], value]),
    );
  };
  const check = () => checkHealth(scene.sandbox);
  const lines = () => (loki.pushes.at(-1)?.streams[0]?.values ?? []).map(([, line]) => line);
  const line = () => fields(lines()[0] ?? '');

  it('says what Loki says, as it is now', async () => {
    has({ streams: 12, labelBytes: 700, walDisk: 0.0712 });
    await check();
    expect(line()).to.include({ streams: '12', wal_disk_used_percent: '7.1' });
  });

  it('counts what has happened since the line before, over all series', async () => {
    has({ bytes: 1_000, lines: 10, linesOfOther: 1, ok: 5, refused: 5, failed: 1, query: 7 });
    await check();
    has({ bytes: 12_345_678_901, lines: 13, linesOfOther: 2, ok: 9, refused: 9, failed: 3, query: 9 });
    await check();
    expect(line()).to.include({ ingested_bytes: '12345677901', ingested_lines: '4', push_errors: '2' });
    await check();
    expect(line()).to.include({ ingested_bytes: '0', ingested_lines: '0', push_errors: '0' });
  });

  it('counts nothing in the first line, of which nobody knows since when', async () => {
    has({ bytes: 1_000, lines: 10, failed: 1, discardedLines: 4, discardedBytes: 40 });
    await check();
    expect(line()).to.include({ ingested_bytes: '0', ingested_lines: '0', push_errors: '0' });
    expect(lines()).to.have.length(1);
  });

  it('counts from 0 after Loki has restarted', async () => {
    has({ bytes: 1_000, lines: 10, failed: 5 });
    await check();
    has({ bytes: 300, lines: 3 });
    await check();
    expect(line()).to.include({ ingested_bytes: '300', ingested_lines: '3', push_errors: '0' });
  });

  it('loses no count to a push that was refused, or to metrics that did not come', async () => {
    has({ lines: 10 });
    await check();
    has({ lines: 15 });
    loki.status = 500;
    expect(await check()).to.include({ LokiHealthy: 0 });
    loki.status = 204;
    loki.metrics = undefined;
    expect(await check()).to.include({ LokiHealthy: 1 });
    has({ lines: 17 });
    await check();
    expect(line()).to.include({ ingested_lines: '7' });
  });

  it('is followed by a line for each reason for which lines were discarded', async () => {
    has({ discardedLines: 4, discardedBytes: 40 });
    await check();
    has({ discardedLines: 6, discardedBytes: 75, oldLines: 1, oldBytes: 9 });
    await check();
    expect(lines().slice(1)).to.deep.equal([
      'level=warn msg=discarded reason=rate_limited lines=2 bytes=35',
      'level=warn msg=discarded reason=too_far_behind lines=1 bytes=9',
    ]);
    await check();
    expect(lines()).to.have.length(1);
  });

  it('is one stream with its host, and one time a line', async () => {
    has({});
    await check();
    has({ discardedLines: 1, oldLines: 1 });
    await check();
    const [stream, ...others] = loki.pushes.at(-1)?.streams ?? [];
    expect(others).to.deep.equal([]);
    expect(stream?.stream).to.deep.equal({ service_name: 'loki-host', host: 'logs' });
    const times = stream?.values.map(([time]) => BigInt(time)) ?? [];
    expect(times).to.have.length(3);
    expect([...times].sort()).to.deep.equal(times);
    expect(new Set(times).size).to.equal(3);
    expect(Number(times[0]) / 1e6).to.be.closeTo(Date.now(), 30_000);
  });
});

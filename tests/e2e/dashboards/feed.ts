import { deliveryOf } from '../aws.ts';

const MINUTE = 60_000;

interface Run {
  readonly ms: number;
  readonly used: number;
  readonly init?: number;
  readonly status?: 'timeout' | 'error';
}

/** Invocations of a function: cold and warm ones, one that timed out, one that crashed. */
const RUNS: readonly Run[] = [
  { ms: 812.4, used: 71, init: 301.25 },
  { ms: 12.8, used: 72 },
  { ms: 95.01, used: 88 },
  { ms: 3000, used: 90, status: 'timeout' },
  { ms: 41.7, used: 127, status: 'error' },
];

/** Stands in for Lambda, whose emulator reports plain runs alone: its lines in the format TEXT. */
export function textReports(): readonly string[] {
  return RUNS.flatMap(({ ms, used, init, status }, i) => {
    const id = `00000000-0000-4000-8000-00000000000${i}`;
    const report = [
      `REPORT RequestId: ${id}`,
      `Duration: ${ms} ms`,
      `Billed Duration: ${Math.ceil(ms)} ms`,
      'Memory Size: 128 MB',
      `Max Memory Used: ${used} MB`,
      ...(init === undefined ? [] : [`Init Duration: ${init} ms`]),
      ...(status === undefined ? [] : [`Status: ${status}`]),
    ].join('\t');
    const timedOut =
      status === 'timeout' ? [`2026-01-01T00:00:00.000Z ${id} Task timed out after 3.00 seconds\n\n`] : [];
    return [`START RequestId: ${id} Version: $LATEST\n`, ...timedOut, `END RequestId: ${id}\n`, `${report}\t\n`];
  });
}

/** Stands in for Lambda: its lines in the format JSON. */
export function jsonReports(): readonly string[] {
  return RUNS.map(({ ms, used, init, status = 'success' }, i) => {
    const metrics = {
      durationMs: ms,
      billedDurationMs: Math.ceil(ms),
      memorySizeMB: 128,
      maxMemoryUsedMB: used,
      ...(init !== undefined && { initDurationMs: init }),
    };
    const record = { requestId: `00000000-0000-4000-8000-10000000000${i}`, metrics, status };
    return JSON.stringify({ time: '2026-01-01T00:00:00.000Z', type: 'platform.report', record });
  });
}

/** Error lines of a function. */
export function errorLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => JSON.stringify({ level: 'error', message: `payment timeout ${i}` }));
}

/** A delivery of lines that were written some minutes ago. */
export function deliveryOfAgo(logGroup: string, minutes: number, lines: readonly string[]) {
  const start = Date.now() - minutes * MINUTE;
  const event = (message: string, i: number) => ({ id: String(1_000 + i), timestamp: start + i, message });
  return deliveryOf(logGroup, lines.map(event));
}

/** Stands in for the host: the lines that it pushes of itself each minute, for the half hour until now. */
export async function pushHostLines(url: string, host: string): Promise<void> {
  const values = Array.from({ length: 30 }, (_, i) => {
    const at = BigInt(Date.now() - (29 - i) * MINUTE) * 1_000_000n;
    return [
      [String(at), `${HEALTH} streams=${40 + i} ingested_bytes=${60_000 + i} ingested_lines=${600 + i}`],
      [String(at + 1n), `level=warn msg=discarded reason=rate_limited lines=${i + 1} bytes=${100 * (i + 1)}`],
    ];
  }).flat();
  const response = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: 'loki-host', host }, values }] }),
  });
  if (response.status !== 204) throw new Error(`Loki does not take the host's lines: ${await response.text()}`);
}

const HEALTH =
  'level=info msg=health loki=1 grafana=1 applied=1 disk_used_percent=83.5 disk_free_bytes=8859000832 wal_disk_used_percent=83.5 wal_bytes=52428800 push_errors=1 memory_used_percent=61.2 swap_used_bytes=4096 load1=0.42';

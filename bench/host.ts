import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { numberOf } from '../tests/support/loki-api.ts';
import { findReadyLoki } from '../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../tools/local/folders.ts';
import { type Host, hostValues } from '../tools/local/host-values.ts';
import { type Loki, startLoki } from '../tools/local/loki.ts';
import { watchMemory } from '../tools/local/memory.ts';
import { type Loaded, load } from './host-load.ts';

// `npm run bench -- host`: 1 GB of lines through the shipper's encoder into the host's Loki, with the memory that it has.

const GB = 1e9;
const MB = 1e6;
const HOUR = 3_600_000;
const GROUPS = 500;
const HOSTS: Readonly<Record<string, Host>> = {
  't4g.small': { memoryMb: 2048, vcpus: 2 },
  't4g.medium': { memoryMb: 4096, vcpus: 2 },
};
/** What the machine takes is measured, and not what the host is told to take. */
const UNLIMITED = {
  ingestion_rate_mb: 1_000,
  ingestion_burst_size_mb: 1_000,
  per_stream_rate_limit: '1GB',
  per_stream_rate_limit_burst: '1GB',
};
const ALL = '{service_name=~"fun-.*"}';
const QUERIES: Readonly<Record<string, string>> = {
  'count all lines': `sum(count_over_time(${ALL}[2h]))`,
  'find a text in all lines': `sum(count_over_time(${ALL} |= \`customer 4711"\` [2h]))`,
  'parse all lines': `sum by (level) (count_over_time(${ALL} | json | __error__="" [2h]))`,
  'count one group': 'sum(count_over_time({service_name="fun-7"}[2h]))',
};

const program = await findReadyLoki();
if (!program) throw new Error('Loki is not built yet: npm test builds it.');
for (const [type, host] of Object.entries(HOSTS)) {
  const folder = runFolder();
  const { loki_memory_mb: limitMb, loki_heap_mb: heapMb, ingestion_rate_mb: rate } = hostValues(host);
  const watched = watchMemory(program, folder, { limitMb: Number(limitMb), heapMb: Number(heapMb) });
  const loki = await startLoki(watched.command, folder, { host, settings: { limits_config: UNLIMITED } });
  try {
    console.log(`\n${type}: Loki with ${limitMb} MiB`);
    const loaded = await load({ url: loki.url, bytes: GB, groups: GROUPS, spanMs: HOUR });
    show('pushed', `${loaded.lines} lines, ${Math.round(loaded.bytes / MB)} MB, in ${loaded.pushes} pushes`);
    show('taken', `${(loaded.bytes / MB / loaded.seconds).toFixed(1)} MB/s (the host's limit: ${rate} MB/s)`);
    show('memory after the pushes', `${watched.peakMb().toFixed()} MiB at most`);
    await ask(loki, loaded, 'in memory');
    await fetch(`${loki.url}/flush`, { method: 'POST' });
    const chunks = await settled(join(folder, 'loki/chunks'));
    show('chunks on disk', `${(chunks / MB).toFixed()} MB, a ${(loaded.bytes / chunks).toFixed(1)}th of the lines`);
    await ask(loki, loaded, 'on disk');
    show('memory', `${watched.peakMb().toFixed()} MiB at most, of ${limitMb}`);
  } finally {
    await loki.stop();
    watched.release();
    removeFolder(folder);
  }
}

async function ask(loki: Loki, { lines }: Loaded, where: string): Promise<void> {
  for (const [what, logql] of Object.entries(QUERIES)) {
    const start = Date.now();
    const found = await numberOf(loki, logql);
    if (what === 'count all lines' && found !== lines)
      throw new Error(`${lines - found} of ${lines} lines are missing.`);
    show(`${what}, ${where}`, `${((Date.now() - start) / 1000).toFixed(2)} s (${found})`);
  }
}

/** @returns bytes below a folder, when they do not grow any more */
async function settled(folder: string): Promise<number> {
  let [before, now] = [-1, bytesBelow(folder)];
  while (before !== now) {
    await delay(3_000);
    [before, now] = [now, bytesBelow(folder)];
  }
  return now;
}

function bytesBelow(folder: string): number {
  const entries = readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))));
  return entries.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}

function show(what: string, value: string): void {
  console.log(`  ${what.padEnd(44)} ${value}`);
}

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { load } from '../../bench/host-load.ts';
import { ACCOUNT } from '../../tools/local/account.ts';
import { startAws } from '../../tools/local/aws.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { hostValues } from '../../tools/local/host-values.ts';
import { type Loki, startLoki } from '../../tools/local/loki.ts';
import { watchMemory } from '../../tools/local/memory.ts';
import { findMinistack } from '../../tools/local/ministack.ts';
import { eventually } from '../support/eventually.ts';
import { numberOf, pushLines } from '../support/loki-api.ts';
import { orSkip } from '../support/parts.ts';

const HOUR = 3_600_000;
const MB = 1_000_000;
const SMALL = { memoryMb: 2048, vcpus: 2 };

describe("The storage of the host's Loki", function () {
  this.timeout(600_000);
  let program: string;
  let folder: string;
  let loki: Loki | undefined;

  before(async function () {
    program = await orSkip(this, () => findLoki(console.error));
  });
  beforeEach(() => {
    folder = runFolder();
  });
  afterEach(async () => {
    await loki?.stop();
    loki = undefined;
    removeFolder(folder);
  });

  it('deletes the chunks of lines that are older than the retention (every 2 s instead of 10 min, at once instead of after 2 h)', async () => {
    loki = await startLoki(program, folder, {
      host: { retentionDays: 1 },
      settings: {
        compactor: { compaction_interval: '2s', apply_retention_interval: '4s', retention_delete_delay: '0s' },
        // Else a query would not look that far back, whether there is something or not.
        limits_config: { max_query_lookback: '0s' },
      },
    });
    const now = Date.now();
    for (const hours of [0, 1, 30, 60]) await pushLines(loki, `${hours}-hours`, [[now - hours * HOUR, 'a line']]);
    // Index files are built and handed to the compactor each quarter of an hour, and at a start.
    await loki.restart();
    const running = loki;
    const services = () =>
      Promise.all(
        [0, 1, 30, 60].map((hours) => numberOf(running, `sum(count_over_time({service_name="${hours}-hours"}[70h]))`)),
      );
    expect(await services()).to.deep.equal([1, 1, 1, 1]);
    const chunks = () => filesBelow(`${folder}/loki/chunks/fake`);
    const before = (await eventually('chunks', async () => chunks().length >= 4 && chunks())).length;

    await eventually('the deletion', async () => chunks().length === before - 2, 240_000);
    // What queries keep of chunks and index is gone then.
    await loki.restart();
    expect(await services()).to.deep.equal([1, 1, 0, 0]);
  });

  it('keeps chunks and index in S3 where asked, so that a host without its volume still has them', async function () {
    const aws = await orSkip(this, async () => startAws({ ministack: await findMinistack(console.error) }, folder));
    const bucket = 'loki-chunks';
    const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    const keys = async (prefix: string) =>
      (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))).Contents ?? [];
    // In the place of the instance's role and of AWS.
    const emulated = {
      endpoint: new URL(aws.endpoint).host,
      insecure: true,
      s3forcepathstyle: true,
      access_key_id: ACCOUNT,
      secret_access_key: 'test',
    };
    const props = { host: { storage: 's3', bucket }, settings: { common: { storage: { s3: emulated } } } };
    try {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      const first = await startLoki(program, `${folder}/first`, props);
      loki = first;
      expect(await pushLines(first, 'kept', [[Date.now(), 'a line']])).to.include({ status: 204 });
      await fetch(`${first.url}/flush`, { method: 'POST' });
      await first.restart();
      await eventually('chunks', async () => (await keys('fake/')).length > 0);
      await eventually('the index', async () => (await keys('index/')).length > 0, 90_000);
      await first.kill();

      const second = await startLoki(program, `${folder}/second`, props);
      loki = second;
      const count = () => numberOf(second, 'sum(count_over_time({service_name="kept"}[1h]))');
      await eventually('the line', async () => (await count()) === 1);
    } finally {
      await loki?.stop();
      await aws.stop();
    }
  });

  it('refuses pushes while its disk is full to nine tenths, keeps answering, and takes them again when there is room', async function () {
    const disk = `${folder}/loki`;
    mkdirSync(disk);
    if (!mounts(disk)) {
      console.log('      skipped: a file system of a known size is mounted, which root may do.');
      this.skip();
    }
    try {
      const running = await startLoki(program, folder, { host: SMALL });
      loki = running;
      const push = (line: string) => pushLines(running, 'disk', [[Date.now(), line]]);
      expect(await push('before')).to.include({ status: 204 });

      writeFileSync(`${disk}/ballast`, Buffer.alloc(Math.ceil(free(disk) - 0.08 * DISK_MB * 1024 ** 2)));
      // Loki looks every ten seconds.
      const refused = await eventually('the refusal', async () => {
        const answer = await push('meanwhile');
        return answer.status !== 204 && answer;
      });
      expect(refused.status).to.equal(500);
      expect(refused.text).to.contain('Ingester is shutting down');
      // Which is why the health of the host is a push that was stored.
      await eventually('/ready', async () => (await fetch(`${running.url}/ready`)).ok, 60_000);
      expect((await push('ready')).status).to.equal(500);
      expect(await numberOf(running, 'sum(count_over_time({service_name="disk"} |= "before" [1h]))')).to.equal(1);

      rmSync(`${disk}/ballast`);
      await eventually('a push', async () => (await push('after')).status === 204);
      expect(await numberOf(running, 'sum(count_over_time({service_name="disk"} |= "after" [1h]))')).to.equal(1);
      await running.stop();
    } finally {
      await loki?.stop();
      execFileSync('umount', [disk]);
    }
  });

  it('replays its log inside of what Loki may use on the smallest host, and has every line, when it is killed', async () => {
    const { loki_memory_mb: limit, loki_heap_mb: heap } = hostValues(SMALL);
    const watched = watchMemory(program, folder, { limitMb: Number(limit), heapMb: Number(heap) });
    const running = await startLoki(watched.command, folder, { host: SMALL });
    loki = running;
    const loaded = await load({ url: running.url, bytes: 400 * MB, groups: 200, spanMs: HOUR });
    const pushing = watched.peakMb();
    await running.kill();
    await running.restart();
    const count = () => numberOf(running, 'sum(count_over_time({service_name=~"fun-.*"}[2h]))');
    // Pushes are taken while older ones are still replayed.
    await eventually('all lines', async () => (await count()) === loaded.lines, 120_000);
    const replaying = watched.peakMb();
    console.log(
      `      ${loaded.lines} lines, ${Math.round(loaded.bytes / MB)} MB at ${(loaded.bytes / MB / loaded.seconds).toFixed(1)} MB/s, ${loaded.retries} retries; MiB at most: ${pushing.toFixed()} pushing, ${replaying.toFixed()} replaying, ${limit} allowed`,
    );
    expect(pushing).to.be.below(Number(limit));
    expect(replaying).to.be.below(Number(limit));
    await running.stop();
    watched.release();
  });
});

const DISK_MB = 256;

function mounts(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Root of a container may not.
  }
}

function free(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return paths.filter((path) => statSync(path).isFile());
}

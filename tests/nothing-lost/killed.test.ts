import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { decodeParked } from '../../function/delivery/parked.ts';
import { bundleFunction } from '../../tools/bundle.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { type Loki, startLoki } from '../../tools/local/loki.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { orSkip } from '../support/parts.ts';

const KILLS = 200;
/** Invocations that are killed side by side. */
const LANES = 2;
const SEED = Date.now() % 1_000_000;
const LINES = 24;
/** Loki takes no line of this length, the rules of the shipper do. */
const TOO_LONG = 300_000;
const NO_LIMIT = '1GB';

describe(`A process that is killed at ${KILLS} moments of an invocation (seed ${SEED})`, function () {
  this.timeout(1_200_000);
  let folder: string;
  let loki: Loki;
  let aws: FakeAws;
  let seed = SEED;

  before(async function () {
    folder = runFolder();
    loki = await orSkip(this, async () =>
      startLoki(await findLoki(console.error), folder, {
        settings: {
          limits_config: {
            ingestion_rate_mb: 1_000,
            ingestion_burst_size_mb: 1_000,
            per_stream_rate_limit: NO_LIMIT,
            per_stream_rate_limit_burst: NO_LIMIT,
          },
        },
      }),
    );
    aws = await FakeAws.start();
    mkdirSync(join(folder, 'function'));
    for (const [name, code] of (await bundleFunction()).files) writeFileSync(join(folder, 'function', name), code);
  });
  after(async () => {
    await Promise.all([loki?.stop(), aws?.stop()]);
    removeFolder(folder);
  });

  const groupOf = (round: number) => `/killed/round-${round}`;
  const messageOf = (i: number) => `${i} ${'x'.repeat(i === 7 ? TOO_LONG : 60_000)}`;

  /** The file of a delivery of several pushes, with a line that the rules refuse and one that Loki does. */
  function deliver(round: number): string {
    const now = Date.now();
    const logGroup = groupOf(round);
    aws.logGroups.set(`arn:aws:logs:eu-central-1:123456789012:log-group:${logGroup}`, { owner: 'checkout' });
    const logEvents = Array.from({ length: LINES }, (_, i) => ({
      id: `${1_000_000 + i}`,
      timestamp: i === 3 ? now - 200 * 3_600_000 : now - LINES + i,
      message: messageOf(i),
    }));
    const origin = { owner: '123456789012', logGroup, logStream: 's' };
    const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', ...origin, logEvents })).toString('base64');
    const file = join(folder, `event-${round}.json`);
    writeFileSync(file, JSON.stringify({ awslogs: { data } }));
    return file;
  }

  /** @param killAfterMs from the beginning of the invocation. @returns whether it came to its end, and after how long */
  function invoke(eventFile: string, killAfterMs?: number): Promise<{ readonly ended: boolean; readonly ms: number }> {
    const child = spawn(
      process.execPath,
      ['tests/nothing-lost/one-invocation.mjs', join(folder, 'function', 'shipper.mjs'), eventFile],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...ENVIRONMENT,
          LINE_RULES: JSON.stringify({ ...JSON.parse(ENVIRONMENT.LINE_RULES), max_bytes: 1_048_576 }),
          LABEL_POLICY: JSON.stringify({ from_tags: ['owner'], static: {}, refresh_seconds: 300 }),
          LOKI_URL: loki.url,
          AWS_ENDPOINT_URL: process.env.AWS_ENDPOINT_URL,
          AWS_ACCESS_KEY_ID: 'fake',
          AWS_SECRET_ACCESS_KEY: 'fake',
        },
      },
    );
    let said = '';
    let start = 0;
    return new Promise((resolve) => {
      child.stderr.on('data', (text) => {
        said += text;
        if (start > 0 || !said.includes('begins\n')) return;
        start = performance.now();
        if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      });
      child.on('close', () => resolve({ ended: said.includes('ends\n'), ms: performance.now() - start }));
    });
  }

  /** From 0 to 1, by the seed. */
  function random(): number {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  }

  it('loses no line, parks none twice, and a query shows each of them once', async () => {
    const lengths: number[] = [];
    for (let i = 0; i < 5; i++) lengths.push((await invoke(deliver(-1 - i))).ms);
    const length = Math.max(...lengths);

    let killed = 0;
    let round = 0;
    const lane = async () => {
      while (killed < KILLS) {
        const file = deliver(round++);
        // Lambda invokes it again, in another process, until it has come to its end.
        const { ended } = await invoke(file, random() * length);
        if (ended) continue;
        killed++;
        expect((await invoke(file)).ended, 'the repeated invocation').to.equal(true);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    console.log(`      ${killed} of ${round} invocations were killed, at up to ${Math.round(length)} ms`);

    const expected = Array.from({ length: LINES }, (_, i) => `${i}`).filter((_, i) => i !== 3 && i !== 7);
    for (let i = 0; i < round; i++) {
      const group = groupOf(i);
      const shown = await loki.query(`{log_group="${group}"} | line_format "{{ trunc 5 __line__ }}"`);
      expect(
        shown.map(({ line }) => line.split(' ', 1)[0]),
        group,
      ).to.deep.equal(expected);
      const parked = [...aws.objects]
        .filter(([key]) => key.includes(`${group}/`))
        .flatMap(([, body]) => decodeParked(body));
      expect(parked.map(({ line }) => line.split(' ', 1)[0]).sort(), group).to.deep.equal(['3', '7']);
    }
  });
});

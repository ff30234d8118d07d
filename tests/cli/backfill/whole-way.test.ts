import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { mulberry32 } from '../../support/mutated-event.ts';
import { HOUR, NOW, Scene } from './scene.ts';

const SEED = Number(process.env.BACKFILL_SEED) || Math.floor(Math.random() * 2 ** 31);
const MINUTE = 60_000;

describe('A backfill, the whole way', function () {
  this.timeout(60_000);
  let folder: string;
  let scene: Scene;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backfill-'));
    scene = new Scene(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const checkpoints = () => readdirSync(join(folder, 'backfill'));
  const inOrder = () => {
    for (const logStream of new Set(scene.events.map((event) => event.logStream)))
      expect(
        scene.shown.filter((entry) => entry.logStream === logStream).map(({ line }) => line),
        logStream,
      ).to.deep.equal(scene.events.filter((event) => event.logStream === logStream).map(({ message }) => message));
  };

  /** Lines of five log streams in three hours, of which many share a millisecond. */
  function history(random: () => number, lines: number): void {
    let time = NOW - 4 * HOUR;
    for (let i = 0; i < lines; i++) {
      if (random() < 0.6) time += Math.floor(random() * ((2 * 3 * HOUR) / lines / 0.6));
      scene.log(`stream-${Math.floor(random() * 5)}`, time, `line ${i} ${'x'.repeat(Math.floor(random() * 200))}`);
    }
  }

  it(`shows every line once, in order and under one set of labels, though a part is there already and it is killed again and again (seed ${SEED})`, async () => {
    const random = mulberry32(SEED);
    let kills = 0;
    for (let round = 0; round < 5; round++) {
      scene = new Scene(folder);
      history(random, 3_000);
      scene.pageSize = 50 + Math.floor(random() * 400);
      const [first, last] = [random(), random()].sort().map((part) => NOW - 4 * HOUR + part * 3 * HOUR);
      await scene.shipLive(
        scene.events.filter(({ timestamp }) => timestamp >= Number(first) && timestamp < Number(last)),
      );

      for (;;) {
        let calls = 0;
        const end = 1 + Math.floor(random() * 40);
        scene.before = () => {
          if (++calls === end) throw new Error('SIGKILL');
        };
        const result = await scene.run(['--from', '5h', '--json']).catch((error: Error) => error);
        scene.surroundings.time += 10 * MINUTE;
        if (!(result instanceof Error)) {
          expect(result.code).to.equal(0);
          expect(JSON.parse(result.out)).to.deep.include({ lines: 3_000, stored: 3_000, parked: {} });
          break;
        }
        expect(result.message).to.equal('SIGKILL');
        kills++;
      }
      expect(scene.loki.size).to.equal(3_000);
      inOrder();
      expect(new Set(scene.shown.map(({ labels }) => labels)).size).to.equal(1);
      expect(checkpoints()).to.deep.equal([]);
      scene.surroundings.time = NOW;
    }
    expect(kills).to.be.above(0);
  });

  it('does not do again what is done', async () => {
    history(mulberry32(1), 2_000);
    scene.pageSize = 100;
    let invocations = 0;
    scene.before = (call) => {
      if (call === 'invoke' && ++invocations === 12) throw new Error('SIGKILL');
    };
    await scene.run(['--from', '5h']).catch(() => {});
    const before = scene.deliveries.flat().length;
    expect(before).to.be.above(500);
    const { err, out } = await scene.run(['--from', '5h']);
    expect(err).to.match(
      /^Continues the backfill from 2026-11-23T07:00:00Z to 2026-11-23T12:00:00Z: \d+ lines are done, up to /,
    );
    expect(out).to.match(/^Lines {2}Stored {2}Parked\n2,000 {3}2,000 {7}0\n$/);
    // A slice at most was under way.
    expect(scene.deliveries.flat().length).to.be.below(2_000 + 400);
    expect(scene.queries.at(-1)?.from).to.be.above(NOW - 5 * HOUR);
  });

  it('shows the parts of a line that is too long, and counts them', async () => {
    scene.log('s', NOW - HOUR, 'x'.repeat(600_000));
    const { code, out } = await scene.run(['--from', '2h']);
    expect(code).to.equal(0);
    expect(out).to.equal(
      'Lines  Stored  Parked\n    1       3       0\n\nLines that are too long for Loki were split, so there are 2 more of them.\n',
    );
    expect(scene.loki.size).to.equal(3);
  });

  it('parks what Loki refuses, counts it, and ends with 1', async () => {
    for (let i = 0; i < 10; i++) scene.log('s', NOW - HOUR + i, `line ${i}`);
    scene.refuse = (lines) =>
      lines.includes('line 4') ? { kind: 'some', reason: 'line_too_long', said: 'Max entry size exceeded' } : undefined;
    const { code, out } = await scene.run(['--from', '2h']);
    expect(code).to.equal(1);
    expect(out).to.equal(`Lines  Stored  Parked
   10       9       1

Refused by Loki, and kept in the bucket for loki-shipper replay:
  line_too_long: 1
`);
    expect(scene.loki.size).to.equal(9);
    expect(scene.bucket.content.size).to.equal(1);
    expect(checkpoints()).to.deep.equal([]);
  });

  describe('of lines that Loki finds too far behind', () => {
    beforeEach(() => {
      scene.live = '';
      for (let i = 0; i < 6; i++) scene.log('s', NOW - 6 * HOUR + i * HOUR, `line ${i}`);
      scene.refuse = (lines) =>
        lines.every((line) => /[0-3]/.test(line))
          ? { kind: 'all', reason: 'too_far_behind', said: 'entry too far behind' }
          : undefined;
    });
    const WARNING =
      'warning: /aws/lambda/checkout is shipped live, and unless its time sharding is on, Loki refuses lines that are more than an hour behind the newest one: docs/operations.md#too-far-behind. What it refuses is parked in the bucket.\n';

    it('warns, stops at the first of them, and says what to do', async () => {
      const { code, out, err } = await scene.run(['--from', '7h']);
      expect(code).to.equal(3);
      expect(err).to.equal(
        `${WARNING}error: Loki refused all 1 lines that were tried last (too_far_behind), up to 2026-11-23T06:30:00Z: they are parked in the bucket, and none after them were tried. Set limits_config.shard_streams.time_sharding_enabled: true in Loki, then run loki-shipper replay and this command again; or park the others as well, with --keep-going.\n`,
      );
      expect(out).to.equal(`Lines  Stored  Parked
    1       0       1

Refused by Loki, and kept in the bucket for loki-shipper replay:
  too_far_behind: 1

All lines before 2026-11-23T06:30:00Z are done, and the same command goes on from there.
`);
      expect(scene.bucket.content.size).to.equal(1);
    });

    it('goes on from there when Loki takes them', async () => {
      await scene.run(['--from', '7h']);
      scene.refuse = () => undefined;
      const { code, out } = await scene.run(['--from', '7h', '--json']);
      expect(code).to.equal(1);
      expect(JSON.parse(out)).to.deep.include({ lines: 6, stored: 5, parked: { too_far_behind: 1 } });
      expect(scene.loki.size).to.equal(5);
    });

    it('parks all of them when it is asked to', async () => {
      const { code, out } = await scene.run(['--from', '7h', '--keep-going', '--json']);
      expect(code).to.equal(1);
      expect(JSON.parse(out)).to.deep.include({ lines: 6, stored: 2, parked: { too_far_behind: 4 }, error: null });
    });

    it('does not warn of lines of the last hour, or of a group that is not shipped live', async () => {
      scene.refuse = () => undefined;
      expect((await scene.run(['--from', '1h'])).err).to.equal('');
      scene.live = undefined;
      expect((await scene.run(['--from', '7h'])).err).to.equal('');
    });
  });

  it('ships by the pattern by which the group is shipped live, or by another one', async () => {
    scene.live = 'ERROR';
    for (const message of ['ERROR one', 'fine', 'WARN two']) scene.log('s', NOW - HOUR / 2, message);
    await scene.run(['--from', '1h']);
    expect(scene.shown.map(({ line }) => line)).to.deep.equal(['ERROR one']);
    await scene.run(['--from', '1h', '--filter-pattern', 'WARN']);
    expect(scene.shown.map(({ line }) => line)).to.deep.equal(['ERROR one', 'WARN two']);
    await scene.run(['--from', '1h', '--filter-pattern', '']);
    expect(scene.loki.size).to.equal(3);
  });

  it('only counts in a dry run, and writes no file', async () => {
    history(mulberry32(2), 500);
    scene.pageSize = 100;
    const { code, out } = await scene.run(['--from', '5h', '--dry-run']);
    const bytes = scene.events.reduce((sum, { message }) => sum + message.length, 0);
    expect(code).to.equal(0);
    expect(out).to.equal(
      `Lines   Bytes\n  500  ${bytes.toLocaleString('en-US')}\n\nNothing was shipped, because of --dry-run.\n`,
    );
    expect(scene.deliveries).to.deep.equal([]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('loses nothing and keeps its checkpoint back when CloudWatch gives a line after later ones', async () => {
    const late = { id: '9', timestamp: NOW - 3 * HOUR, message: 'late', logStream: 's' };
    for (let i = 0; i < 8; i++) scene.log('s', NOW - 3 * HOUR + i * 20 * MINUTE, `line ${i}`);
    scene.pageSize = 2;
    const page = scene.page.bind(scene);
    let pages = 0;
    scene.page = async (query) => {
      const answer = await page(query);
      return ++pages === 3 ? { ...answer, events: [late, ...answer.events] } : answer;
    };
    scene.before = () => {
      if (pages === 4) throw new Error('SIGKILL');
    };
    await scene.run(['--from', '5h']).catch(() => {});
    scene.before = () => {};
    const { code } = await scene.run(['--from', '5h']);
    expect(code).to.equal(0);
    expect(scene.queries.at(-4)?.from, 'the position before the line came').to.be.at.most(NOW - 3 * HOUR + 30 * MINUTE);
    expect(scene.shown.map(({ line }) => line)).to.have.members([
      'late',
      ...scene.events.map(({ message }) => message),
    ]);
  });

  it('keeps to a rate, by default to one at which Loki does not split the stream', async () => {
    for (let i = 0; i < 40; i++) scene.log('s', NOW - HOUR + i * MINUTE, 'x'.repeat(100_000));
    // The last delivery need not be waited for.
    for (const [args, leastMs, mostMs] of [
      [[], 7_000, 8_200],
      [['--limit-rate', '1M'], 3_300, 4_100],
    ] as const) {
      const start = scene.surroundings.time;
      expect((await scene.run(['--from', '2h', ...args])).code).to.equal(0);
      expect(scene.surroundings.time - start).to.be.within(leastMs, mostMs);
    }
  });
});

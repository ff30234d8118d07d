import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { runCli } from '../../../cli/program.ts';
import { parkIn } from '../../../function/delivery/park.ts';
import { encodeParked, type ParkedLine, parkedKey } from '../../../function/delivery/parked.ts';
import type { Refusal } from '../../../function/delivery/push.ts';
import { replayPage } from '../../../function/registry/replay.ts';
import { parseReplayRequest } from '../../../function/registry/replay-request.ts';
import { type ReplayRequest, replay } from '../../../function/replay.ts';
import { readPush } from '../../function/delivery/loki-push.ts';
import { Bucket } from '../../support/bucket.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

/** The command line, the registrar and the shipper, with a bucket and a Loki in memory. */
class Installation {
  readonly bucket = new Bucket();
  /** Log group and line of what Loki has. */
  readonly stored: string[] = [];
  /** What Loki says to a push with these lines. Default: it takes it. */
  refuse: (lines: readonly string[]) => Refusal | undefined = () => undefined;

  park(logGroup: string, time: number, ...texts: readonly string[]): void {
    const origin = { account: '123456789012', logGroup, logStream: 's' };
    const lines = texts.map(
      (line, i): ParkedLine => ({
        ...origin,
        eventId: `${i}`,
        seconds: time / 1000,
        nanos: i,
        line,
        reason: 'too_far_behind',
        said: '',
      }),
    );
    const key = parkedKey({ ...origin, by: 'loki', first: texts.join(), last: '', count: texts.length }, time);
    this.bucket.content.set(key, encodeParked(lines, '0.1.0'));
  }

  fail(logGroup: string, time: number, ...texts: readonly string[]): void {
    const logEvents = texts.map((message, i) => ({ id: `${i}`, timestamp: time, message }));
    const delivery = { messageType: 'DATA_MESSAGE', owner: '123456789012', logGroup, logStream: 's', logEvents };
    const data = gzipSync(JSON.stringify(delivery)).toString('base64');
    const record = { version: '1.0', requestPayload: { awslogs: { data } } };
    const key = `aws/lambda/async/logs-shipper/2026/11/23/2026-11-23T00.00.00-${texts.join()}`;
    this.bucket.content.set(key, Buffer.from(JSON.stringify(record)));
  }

  async run(...args: readonly string[]) {
    const surroundings = new ScriptedSurroundings([]);
    const connect = () => async (_: string, event: unknown) =>
      replayPage(parseReplayRequest(event), {
        shipper: 'logs-shipper',
        shipperTimeoutMs: 60_000,
        objects: this.bucket,
        invoke: async (_, payload) => this.#ship((payload as { readonly replay: ReplayRequest }).replay),
        remainingMs: () => 900_000,
      });
    const code = await runCli(['replay', '--json', ...args], { ...surroundings, connect });
    return { code, ...JSON.parse(surroundings.stdout.text) };
  }

  async #ship(request: ReplayRequest): Promise<unknown> {
    const result = await replay(request, {
      region: 'eu-central-1',
      labels: { fromTags: [], static: {} },
      rules: { maxBytes: 1000, tooLong: 'split', maxAgeMs: 24 * HOUR, maxAheadMs: HOUR, outOfRange: 'park' },
      parallelPushes: 1,
      tagsOf: async () => ({}),
      push: async (body, { ledger }) => {
        const [stream] = readPush(body).streams;
        const lines = stream?.entries.map(({ line }) => line) ?? [];
        ledger.pushes++;
        const refusal = this.refuse(lines);
        const group = /log_group="([^"]+)"/.exec(stream?.labels ?? '')?.[1];
        if (!refusal) this.stored.push(...lines.map((line) => `${group} ${line}`));
        return refusal;
      },
      parkOf: parkIn(this.bucket),
      deadline: NOW + HOUR,
      now: () => NOW,
      objects: this.bucket,
    });
    return JSON.parse(JSON.stringify(result));
  }
}

describe('A replay, the whole way', () => {
  let installation: Installation;
  beforeEach(() => {
    installation = new Installation();
    installation.park('/a', NOW - HOUR, 'one', 'two');
    installation.park('/b', NOW - 2 * HOUR, 'three');
    installation.fail('/a', NOW - 3 * HOUR, 'four', 'five');
  });

  it('stores all lines and empties the bucket', async () => {
    expect(await installation.run()).to.include({ code: 0, objects: 3, lines: 5, stored: 5 });
    expect(installation.stored).to.have.members(['/a one', '/a two', '/b three', '/a four', '/a five']);
    expect(installation.bucket.content.size).to.equal(0);
    expect(await installation.run()).to.include({ code: 0, objects: 0, lines: 0 });
  });

  it('changes nothing when it only counts', async () => {
    const before = new Map(installation.bucket.content);
    expect(await installation.run('--dry-run')).to.include({ code: 0, objects: 3, lines: 5, stored: 0 });
    expect(installation.bucket.content).to.deep.equal(before);
    expect(installation.stored).to.deep.equal([]);
  });

  const SELECTIONS: readonly (readonly [args: readonly string[], stored: readonly string[]])[] = [
    [
      ['--group', '/a'],
      ['/a one', '/a two', '/a four', '/a five'],
    ],
    [
      ['--from', '2026-11-23T10:30'],
      ['/a one', '/a two'],
    ],
    [
      ['--to', '2026-11-23T10:30'],
      ['/b three', '/a four', '/a five'],
    ],
    [
      ['--reason', 'too_far_behind'],
      ['/a one', '/a two', '/b three'],
    ],
    [['--reason', 'failed_delivery', '--group', '/b'], []],
  ];
  for (const [args, stored] of SELECTIONS)
    it(`stores what is selected, and keeps the rest: ${args.join(' ')}`, async () => {
      expect(await installation.run(...args)).to.include({ code: 0, stored: stored.length });
      expect(installation.stored).to.have.members([...stored]);
      await installation.run();
      expect(installation.stored).to.have.length(5);
      expect(installation.bucket.content.size).to.equal(0);
    });

  it('keeps what is refused again, and stores it when Loki takes it', async () => {
    const refusal: Refusal = { kind: 'some', reason: 'line_too_long', said: 'Max entry size exceeded' };
    installation.refuse = (lines) => (lines.some((line) => line === 'two' || line === 'five') ? refusal : undefined);
    const first = await installation.run();
    expect(first).to.deep.include({ code: 1, lines: 5, stored: 3, refused: { line_too_long: 2 }, failed: [] });
    expect([...installation.bucket.content.keys()].every((key) => key.startsWith('parked/'))).to.equal(true);

    installation.refuse = () => undefined;
    expect(await installation.run('--reason', 'line_too_long')).to.include({ code: 0, lines: 2, stored: 2 });
    expect(installation.stored).to.have.members(['/a one', '/a two', '/b three', '/a four', '/a five']);
    expect(installation.bucket.content.size).to.equal(0);
  });

  it('goes past an object that holds something else, and keeps it', async () => {
    installation.bucket.content.set('parked/notes.txt', Buffer.from('secret'));
    const { code, stored, failed } = await installation.run();
    expect({ code, stored }).to.deep.equal({ code: 1, stored: 5 });
    expect(failed).to.have.length(1);
    expect(failed[0].key).to.equal('parked/notes.txt');
    expect(failed[0].error)
      .to.match(/^The object does not hold parked lines: .*\.$/)
      .and.not.include('secret');
    expect([...installation.bucket.content.keys()]).to.deep.equal(['parked/notes.txt']);
  });
});

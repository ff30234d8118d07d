import { expect } from 'chai';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import { type Objects, StorageFailed } from '../../../function/aws/objects.ts';
import { parkedKey } from '../../../function/delivery/parked.ts';
import { isReplayPage, replayPage } from '../../../function/registry/replay.ts';
import type { ReplayResult } from '../../../function/replay.ts';
import { failure } from '../failure.ts';

const parked = (day: string, logGroup = '/x') =>
  parkedKey(
    { account: '1', logGroup, logStream: day, by: 'loki', first: '1', last: '1', count: 1 },
    Date.parse(`2026-11-${day}T12:00Z`),
  );
const failed = (day: string) => `aws/lambda/async/shipper/2026/11/${day}/2026-11-${day}T00.00.00-u`;

const resultOf = (key: string): ReplayResult => ({
  key,
  matched: true,
  lines: 2,
  stored: 2,
  refused: {},
  bytes: 10,
  error: null,
  blocked: false,
});

/** A bucket and a shipper in memory, and a clock that goes on with each object. */
class Setting {
  readonly keys: string[];
  readonly listed: string[] = [];
  readonly asked: unknown[] = [];
  /** What the shipper does with an object. Default: it stores and removes it. */
  replay: (key: string) => unknown = (key) => {
    this.keys.splice(this.keys.indexOf(key), 1);
    return resultOf(key);
  };
  remainingMs = 900_000;
  objectMs = 1_000;

  constructor(keys: readonly string[]) {
    this.keys = [...keys];
  }

  readonly list: Objects['list'] = async (prefix, after = '') => {
    this.listed.push(prefix);
    const keys = this.keys.filter((key) => key.startsWith(prefix) && key > after).sort();
    return { objects: keys.slice(0, 3).map((key) => ({ key, size: 1, etag: '' })), more: keys.length > 3 };
  };

  run(request: object = {}) {
    return replayPage(
      { filter: {}, dryRun: false, maxObjects: 1000, ...request },
      {
        shipper: 'shipper',
        shipperTimeoutMs: 60_000,
        objects: this,
        invoke: async (name, payload) => {
          this.asked.push(payload);
          this.remainingMs -= this.objectMs;
          expect(name).to.equal('shipper');
          const { replay } = payload as { replay: { key: string } };
          return this.replay(replay.key);
        },
        remainingMs: () => this.remainingMs,
      },
    );
  }

  /** All pages, as the command line asks for them. */
  async runAll(request: object = {}) {
    const pages = [await this.run(request)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next)
      pages.push(await this.run({ ...request, after: next }));
    return pages;
  }
}

const DAYS = ['10', '11', '12', '13', '14', '15', '16'];
const KEYS = [...DAYS.map((day) => parked(day)), failed('12'), failed('13')];

describe('A page of a replay', () => {
  it('has the shipper replay each object, parked lines first', async () => {
    const setting = new Setting(KEYS);
    expect(await setting.run({ filter: { to: '2026-12-01T00:00Z' }, dryRun: true })).to.deep.equal({
      objects: KEYS.map(resultOf),
      next: null,
      remaining: 0,
      more: false,
    });
    expect(setting.asked).to.deep.equal(
      KEYS.map((key) => ({ replay: { key, filter: { to: '2026-12-01T00:00Z' }, dryRun: true } })),
    );
  });

  it('is empty when there is nothing', async () => {
    expect(await new Setting(['state/x']).run()).to.deep.equal({ objects: [], next: null, remaining: 0, more: false });
  });

  it('ends after as many objects as are asked for, and says what is known to be left', async () => {
    const setting = new Setting(KEYS);
    expect(await setting.run({ maxObjects: 1 })).to.deep.equal({
      objects: [resultOf(parked('10'))],
      next: parked('10'),
      remaining: 2,
      more: true,
    });
    const last = await setting.run({ maxObjects: 1, after: failed('12') });
    expect(last).to.deep.equal({ objects: [resultOf(failed('13'))], next: null, remaining: 0, more: false });
  });

  for (const maxObjects of [1, 2, 3, 4, 5, 1000])
    it(`of at most ${maxObjects} leads to the next, until each object has had its turn once`, async () => {
      const pages = await new Setting(KEYS).runAll({ maxObjects });
      expect(pages.flatMap(({ objects }) => objects.map(({ key }) => key))).to.deep.equal(KEYS);
      for (const { objects } of pages) expect(objects.length).to.be.at.most(maxObjects);
    });

  it('goes on behind objects that stay', async () => {
    const setting = new Setting(KEYS);
    setting.replay = (key) => ({ ...resultOf(key), stored: 1, refused: { too_far_behind: 1 } });
    const pages = await setting.runAll({ maxObjects: 2 });
    expect(pages.flatMap(({ objects }) => objects.map(({ key }) => key))).to.deep.equal(KEYS);
    expect(setting.keys).to.deep.equal(KEYS);
  });

  it('starts no object that might not end in time', async () => {
    const setting = new Setting(KEYS);
    setting.remainingMs = 72_500;
    const { objects, next } = await setting.run();
    expect(objects).to.have.length(3); // The last one begins with 70.5 seconds left: the 60 of the shipper and 10.
    expect(next).to.equal(parked('12'));
  });

  it('replays at least one object, however little time there is', async () => {
    const setting = new Setting(KEYS);
    setting.remainingMs = 5_000;
    setting.objectMs = 0;
    const pages = await setting.runAll();
    expect(pages.flatMap(({ objects }) => objects.map(({ key }) => key))).to.deep.equal(KEYS);
  });

  it('leads on when time ends while nothing was found yet', async () => {
    const setting = new Setting(KEYS);
    setting.remainingMs = 5_000;
    expect(await setting.run({ filter: { group: '/y' } })).to.deep.equal({
      objects: [],
      next: parked('12'),
      remaining: 0,
      more: true,
    });
    expect(setting.asked).to.deep.equal([]);
  });

  it('does not have objects read that cannot match', async () => {
    const setting = new Setting([...KEYS, parked('13', '/y')]);
    const filter = { group: '/y', from: '2026-11-13T00:00Z', reason: 'too_far_behind' };
    const { objects } = await setting.run({ filter });
    expect(objects.map(({ key }) => key)).to.deep.equal([parked('13', '/y')]);
    expect(setting.listed).to.deep.equal(['parked/', 'parked/']); // Of six that are left, three at a time.
  });

  it('goes on after an object that could not be replayed, and says why', async () => {
    const setting = new Setting(KEYS.slice(0, 4));
    const errors = [
      new FunctionFailed('Task timed out after 60.00 seconds'),
      new InvocationFailed('shipper', 'TooManyRequestsException'),
    ];
    setting.replay = (key) => {
      const error = errors.shift();
      if (error) throw error;
      return key === parked('12') ? { key } : resultOf(key);
    };
    const { objects, next } = await setting.run();
    expect(objects.map(({ key, error }) => [key, error])).to.deep.equal([
      [parked('10'), 'Task timed out after 60.00 seconds'],
      [parked('11'), 'lambda:InvokeFunction failed with TooManyRequestsException for shipper.'],
      [parked('12'), 'shipper does not answer as this version does: both must be of one version of the module.'],
      [parked('13'), null],
    ]);
    expect(next).to.equal(null);
  });

  it('fails when the bucket cannot be listed', async () => {
    const denied = new StorageFailed('s3:ListBucket', 'b', 'parked/', 'AccessDenied');
    const props = {
      shipper: 's',
      shipperTimeoutMs: 1,
      objects: { list: async () => Promise.reject(denied) },
      invoke: async () => undefined,
      remainingMs: () => 900_000,
    };
    expect(await failure(replayPage({ filter: {}, dryRun: false, maxObjects: 1 }, props))).to.equal(denied);
  });

  it('is known from other answers', async () => {
    const page = JSON.parse(JSON.stringify(await new Setting(KEYS).run()));
    expect(isReplayPage(page)).to.equal(true);
    const [object] = page.objects;
    const others = [
      undefined,
      null,
      [],
      {},
      { ...page, next: undefined },
      { ...page, remaining: '1' },
      { ...page, more: undefined },
      { ...page, objects: {} },
      ...['key', 'matched', 'lines', 'stored', 'refused', 'bytes', 'error'].map((field) => ({
        ...page,
        objects: [{ ...object, [field]: undefined }],
      })),
      { ...page, objects: [{ ...object, refused: { x: '1' } }] },
    ];
    for (const other of others) expect(isReplayPage(other), JSON.stringify(other)).to.equal(false);
  });

  it('stops when Loki takes nothing, because other objects would fare the same', async () => {
    const keys = [parked('01'), parked('02'), parked('03')];
    const setting = new Setting(keys);
    setting.replay = (key) => ({ ...resultOf(key), error: 'Loki is away.', blocked: key === keys[1] });
    const page = await setting.run();
    expect(page.objects.map(({ key }) => key)).to.deep.equal(keys.slice(0, 2));
    expect(page).to.deep.include({ next: keys[1], remaining: 1, more: true });
  });
});

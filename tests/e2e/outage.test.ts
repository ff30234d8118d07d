import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Invoke } from '../../function/aws/invoke.ts';
import { decode } from '../../function/delivery/decode.ts';
import { parkIn } from '../../function/delivery/park.ts';
import { createPusher, type SendPush } from '../../function/delivery/push.ts';
import { Ledger } from '../../function/ledger.ts';
import { replayPage } from '../../function/registry/replay.ts';
import { type ReplayRequest, replay } from '../../function/replay.ts';
import { type ShipProps, ship } from '../../function/ship.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { type Loki, startLoki } from '../../tools/local/loki.ts';
import { freePort } from '../../tools/local/service.ts';
import { Bucket } from '../support/bucket.ts';
import { eventually } from '../support/eventually.ts';
import { mulberry32 } from '../support/mutated-event.ts';
import { orSkip } from '../support/parts.ts';
import { VirtualLambda } from '../support/virtual-lambda.ts';

const SEED = Number(process.env.OUTAGE_SEED) || Math.floor(Math.random() * 2 ** 31);
const SHIPPER = 'loki-shipper-shipper';
const DELIVERIES = 10_000;
const GROUPS = 100;
const MINUTE = 60_000;
/** All of it, up to now; and the hour of the outage in it. */
const SPAN = 120 * MINUTE;
const [AWAY_AFTER, BACK_AFTER] = [30 * MINUTE, 90 * MINUTE];
/** The shortest timeout that the module allows, less what the shipper keeps for parking. */
const DEADLINE_AFTER = 8_000;

/** What comes in two hours comes within seconds here. */
const SETTINGS = { limits_config: { ingestion_rate_mb: 100, ingestion_burst_size_mb: 200 } };

const groupName = (i: number) => `/aws/lambda/fun-${i}`;

describe('An outage of an hour', function () {
  this.timeout(900_000);
  let loki: Loki;
  let folder: string;

  before(async function () {
    const program = await orSkip(this, () => findLoki(console.error));
    folder = runFolder();
    loki = await startLoki(program, folder, { settings: SETTINGS });
  });
  after(async () => {
    await loki?.stop();
    if (folder) removeFolder(folder);
  });

  it(`leaves every line of ${DELIVERIES} deliveries in Loki once, after the replay (seed ${SEED})`, async () => {
    const random = mulberry32(SEED);
    const start = Date.now() - SPAN;
    const [awayAt, backAt] = [start + AWAY_AFTER, start + BACK_AFTER];
    const bucket = new Bucket();
    const total = new Ledger();

    const lambda: VirtualLambda = new VirtualLambda({
      functionName: SHIPPER,
      objects: bucket,
      random,
      twice: 0.05,
      invoke: async (payload) => {
        const delivery = await decode(payload);
        const ledger = new Ledger();
        const deadline = lambda.now() + DEADLINE_AFTER;
        try {
          if (delivery) await ship(delivery, { ...shipping, ledger, deadline });
        } finally {
          for (const count of ['received', 'stored', 'retries', 'pushes'] as const) total[count] += ledger[count];
          expect(ledger.stored + ledger.owed).to.equal(ledger.received);
        }
      },
    });

    const pusher = (url: string) =>
      createPusher({ url, headers: async () => ({}), random, now: lambda.now, delay: lambda.delay });
    const toLoki = pusher(loki.url);
    const toNobody = pusher(`http://127.0.0.1:${await freePort()}`);
    /** While Loki is away, nobody listens: for a push that is under way when it comes back, until then. */
    const push: SendPush = async (body, limits) => {
      const left = backAt - lambda.now();
      if (lambda.now() < awayAt || left <= 0) return toLoki(body, limits);
      if (limits.deadline <= backAt) return toNobody(body, limits);
      await toNobody(body, { ...limits, deadline: backAt }).catch(() => undefined);
      await lambda.delay(backAt - lambda.now());
      return toLoki(body, limits);
    };
    const shipping: Omit<ShipProps, 'ledger' | 'deadline'> = {
      push,
      now: lambda.now,
      region: REGION,
      labels: { fromTags: ['owner'], static: {} },
      rules: {
        maxBytes: 262_144,
        tooLong: 'split',
        maxAgeMs: 168 * 60 * MINUTE,
        maxAheadMs: 10 * MINUTE,
        outOfRange: 'park',
      },
      parallelPushes: 2,
      tagsOf: async (logGroup) => ({ owner: `team-${logGroup.length}`, zone: 'a' }),
      parkOf: parkIn(bucket),
    };

    const sent = sendAll(lambda, start, random);
    await lambda.run();
    expect([...lambda.invocations.keys()]).to.have.members(['', 'LokiUnreachable']);
    // Three attempts take minutes: what comes at the end of the outage is rescued by one of them.
    expect(lambda.rescued).to.be.above(50);
    expect(lambda.givenUp).to.be.above(2_000).and.to.equal(bucket.content.size);

    const invoke: Invoke = async (_function, payload) => {
      const { replay: request } = payload as { readonly replay: ReplayRequest };
      return replay(request, { ...shipping, objects: bucket, deadline: Date.now() + 10_000 });
    };
    const page = (after?: string) =>
      replayPage(
        { filter: {}, dryRun: false, maxObjects: 1_000, ...(after && { after }) },
        { objects: bucket, invoke, shipper: SHIPPER, shipperTimeoutMs: 10_000, remainingMs: () => 900_000 },
      );
    await page(); // Somebody ends the command line here, and starts it again from the beginning.
    for (let next: string | null | undefined; next !== null; ) ({ next } = await page(next));
    expect(bucket.content.size).to.equal(0);

    for (const [group, lines] of sent) {
      const shown = async () => (await loki.query(`{log_group="${group}"}`)).map(({ line }) => line);
      await eventually(`the lines of ${group}`, async () => (await shown()).length >= lines.length);
      expect((await shown()).sort(), group).to.deep.equal(lines.sort());
    }
    expect(await loki.discarded()).to.deep.equal({});
  });
});

/**
 * When a delivery comes, in milliseconds from the start. The hour of the outage is a quiet one: a delivery in it makes two
 * dozen vain connections, which take most of the test's time.
 */
function arrival(random: () => number): number {
  if (random() < 0.3) return AWAY_AFTER + random() * (BACK_AFTER - AWAY_AFTER);
  const outside = random() * (SPAN - (BACK_AFTER - AWAY_AFTER));
  return outside < AWAY_AFTER ? outside : outside + (BACK_AFTER - AWAY_AFTER);
}

/** @returns the lines by log group */
function sendAll(lambda: VirtualLambda, start: number, random: () => number): Map<string, string[]> {
  const sent = new Map<string, string[]>();
  for (let d = 0; d < DELIVERIES; d++) {
    const at = start + Math.floor(arrival(random));
    const logGroup = groupName(Math.floor(random() * GROUPS));
    const lines = sent.get(logGroup) ?? [];
    sent.set(logGroup, lines);
    const logEvents = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => {
      // Some are equal but for their ids.
      const message = i > 0 && random() < 0.1 ? (lines.at(-1) ?? '') : `line ${i} of delivery ${d}`;
      lines.push(message);
      return { id: `387154289746${String(d).padStart(40, '0')}${i}`, timestamp: at - 2_000, message };
    });
    const delivery = { messageType: 'DATA_MESSAGE', owner: ACCOUNT, logGroup, logStream: 'a-stream', logEvents };
    lambda.send({ awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } }, at);
  }
  return sent;
}

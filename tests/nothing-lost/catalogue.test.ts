import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { decode } from '../../function/delivery/decode.ts';
import { parkIn } from '../../function/delivery/park.ts';
import { streamOf, type Tags } from '../../function/labels/stream.ts';
import { TagSource } from '../../function/labels/tag-source.ts';
import { Ledger } from '../../function/ledger.ts';
import { type ShipProps, ship } from '../../function/ship.ts';
import { readPush } from '../function/delivery/loki-push.ts';
import { Bucket } from '../support/bucket.ts';
import { mulberry32 } from '../support/mutated-event.ts';
import { VirtualContainers } from '../support/virtual-containers.ts';
import { VirtualLambda } from '../support/virtual-lambda.ts';
import { Figures, type Phase, VirtualAccount } from './virtual-account.ts';

const SEED = Number(process.env.CATALOGUE_SEED) || Math.floor(Math.random() * 2 ** 31);
const PLACE = { account: '123456789012', region: 'eu-central-1' };
const LABELS = { fromTags: ['owner'], static: {} };
const MINUTE = 60_000;
const MINUTES = 125;
const GROUPS = 300;
/** These are born when the catalogue has been written, and in it when it is written again. */
const YOUNG_GROUPS = 10;
/** Deliveries in the same second, each in a container that has just been started. */
const COLD = 50;
/** When all containers are replaced and many deliveries come for some seconds: minutes. */
const STORMS = [0, 12, 40, 65, 75, 105];
const STORM_SECONDS = 20;
const REFRESH_SECONDS = 300;
/** A fifth more than that, and what an invocation may take after it has read the catalogue. */
const LONGEST_REFRESH_MS = REFRESH_SECONDS * 1_200 + 10_000;

const PHASES: readonly Phase[] = [
  { from: 0, name: 'tags throttled', tags: 'throttled', catalogue: 'there' },
  { from: 10, name: 'tags denied', tags: 'denied', catalogue: 'there' },
  { from: 60, name: 'tags denied, catalogue gone', tags: 'denied', catalogue: 'gone' },
  { from: 70, name: 'tags throttled, catalogue gone', tags: 'throttled', catalogue: 'gone' },
  { from: 90, name: 'tags throttled, S3 fails', tags: 'throttled', catalogue: 'unreachable' },
  { from: 100, name: 'tags throttled, catalogue damaged', tags: 'throttled', catalogue: 'damaged' },
  { from: 110, name: 'tags throttled, catalogue back', tags: 'throttled', catalogue: 'there' },
];
const WITHOUT_CATALOGUE = PHASES.map((phase): Phase => ({ ...phase, catalogue: 'gone' }));

const groupName = (i: number) => `/aws/lambda/fun-${i}`;

/** @param changed how many log groups have got another owner; @param groups how many there are */
function tagsOf(changed: number, groups = GROUPS): Map<string, Tags> {
  const owner = (i: number) => `team-${i % 7}${i < changed ? '-new' : ''}`;
  return new Map(Array.from({ length: groups }, (_, i) => [groupName(i), { owner: owner(i), zone: `z${i % 3}` }]));
}

interface Outcome {
  readonly account: VirtualAccount;
  readonly lambda: VirtualLambda;
  readonly containers: VirtualContainers<TagSource>;
  readonly lines: number;
  readonly stored: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>;
  readonly start: number;
}

/** Two hours of an account. */
async function simulate(phases: readonly Phase[], seed: number): Promise<Outcome> {
  const random = mulberry32(seed);
  const start = Math.floor(Date.now() / 1000) * 1000 - MINUTES * MINUTE;
  const bucket = new Bucket();
  const stored = new Set<string>();

  const lambda: VirtualLambda = new VirtualLambda({
    functionName: 'loki-shipper-shipper',
    objects: bucket,
    random,
    twice: 0.02,
    invoke: (payload) => containers.run((tags) => invoke(payload, tags)),
  });
  const { now, delay } = lambda;
  const account = new VirtualAccount({ place: PLACE, phases, start, now, delay, random });
  const containers = new VirtualContainers({
    now,
    random,
    replacedAt: STORMS.map((minute) => start + minute * MINUTE),
    create: () =>
      new TagSource({
        place: PLACE,
        refreshSeconds: REFRESH_SECONDS,
        now,
        random,
        readCatalogue: account.readCatalogue,
        lookUp: account.lookUp,
      }),
  });
  const invoke = async (payload: unknown, tags: TagSource) => {
    const ledger = new Ledger();
    account.figures().invocations++;
    const shipping = { ...SHIPPING, push, now, parkOf: parkIn(bucket), ledger, deadline: now() + 8_000 };
    try {
      const delivery = await decode(payload);
      if (delivery) await ship(delivery, { ...shipping, tagsOf: (logGroup) => tags.tagsOf(logGroup, ledger) });
    } catch (error) {
      account.figures().failed++;
      throw error;
    }
  };
  /** Stands for a Loki that takes everything, and looks at the labels. */
  const push: ShipProps['push'] = async (body) => {
    for (const { labels, entries } of readPush(body).streams) {
      const [, logGroup = ''] = /log_group="([^"]+)"/.exec(labels) ?? [];
      const right = account.rightfulTags(logGroup, LONGEST_REFRESH_MS).map((tags) => labelsOf(logGroup, tags));
      const figures = account.figures();
      figures.lines += entries.length;
      if (!right.includes(labels)) figures.wrong += entries.length;
      for (const { line } of entries) stored.add(line);
    }
    return undefined;
  };

  account.tag(-1, tagsOf(0));
  account.write(-1, tagsOf(0, GROUPS - YOUNG_GROUPS));
  account.tag(28, tagsOf(60));
  account.write(30, tagsOf(60));
  account.tag(112, tagsOf(120));
  account.write(113, tagsOf(120));
  const lines = sendAll(lambda, start, random);
  await lambda.run();
  const kept = new Set<string>();
  for (const body of bucket.content.values())
    for (const line of await linesOf(JSON.parse(body.toString()).requestPayload)) kept.add(line);
  return { account, lambda, containers, lines, stored, kept, start };
}

const SHIPPING = {
  region: PLACE.region,
  labels: LABELS,
  rules: {
    maxBytes: 262_144,
    tooLong: 'split',
    maxAgeMs: 168 * 60 * MINUTE,
    maxAheadMs: 10 * MINUTE,
    outOfRange: 'park',
  },
  parallelPushes: 2,
} as const;

function labelsOf(logGroup: string, tags: Tags): string {
  return streamOf({ owner: PLACE.account, logGroup, logStream: 's', region: PLACE.region }, tags, LABELS).labels;
}

/** A delivery a second, and in a storm as many as there are cold containers. @returns the number of lines */
function sendAll(lambda: VirtualLambda, start: number, random: () => number): number {
  let lines = 0;
  const send = (at: number, group: number) => {
    const logEvents = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
      id: `38715428974600000000000000000000000000000000${String(lines).padStart(12, '0')}`,
      timestamp: at - 2_000,
      message: `line ${lines++}`,
    }));
    const origin = { owner: PLACE.account, logGroup: groupName(group), logStream: 's' };
    const delivery = { messageType: 'DATA_MESSAGE', ...origin, logEvents };
    lambda.send({ awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } }, at);
  };
  for (let second = 0; second < MINUTES * 60; second++) {
    const isStorm = STORMS.some((minute) => second >= minute * 60 && second < minute * 60 + STORM_SECONDS);
    for (let i = isStorm ? COLD : 1; i > 0; i--)
      send(start + second * 1_000 + Math.floor(random() * 1_000), Math.floor(random() * GROUPS));
  }
  return lines;
}

async function linesOf(payload: unknown): Promise<string[]> {
  const lines: string[] = [];
  for await (const events of (await decode(payload))?.batches ?? [])
    lines.push(...events.map(({ message }) => message));
  return lines;
}

/** How many containers were started in the second in which a storm begins. */
function coldAt(minute: number, { containers, start }: Outcome): number {
  const at = start + minute * MINUTE;
  return containers.starts.filter((started) => started >= at && started < at + 1_000).length;
}

/** The figures of both, by phase. */
function table(withCatalogue: Outcome, without: Outcome): string {
  const row = (name: string, figures: Figures, other: Figures) => {
    const { lines, wrong, invocations, failed, reads, unchanged, lookUps, throttled } = figures;
    const left = [lines, wrong, invocations, failed, reads, unchanged, lookUps, throttled];
    const right = [other.lines, other.invocations, other.failed, other.lookUps, other.throttled];
    return `      ${name.padEnd(34)}${columns(left)}   |${columns(right)}`;
  };
  const figures = ({ account }: Outcome) => PHASES.map((phase) => account.figures(phase));
  const kept = ({ stored, kept }: Outcome) => [...kept].filter((line) => !stored.has(line)).length;
  return [
    `      ${''.padEnd(34)}${columns(['lines', 'wrong', 'invoked', 'failed', 'S3', '304', 'ListTags', 'throttled'])}   |${columns(['lines', 'invoked', 'failed', 'ListTags', 'throttled'])} without a catalogue`,
    ...PHASES.map((phase) => row(phase.name, withCatalogue.account.figures(phase), without.account.figures(phase))),
    row('all', total(figures(withCatalogue)), total(figures(without))),
    `      of ${withCatalogue.lines} lines, ${kept(withCatalogue)} are in the bucket and not in Loki; without a catalogue ${kept(without)}`,
    `      containers: ${withCatalogue.containers.starts.length}; without a catalogue ${without.containers.starts.length}`,
  ].join('\n');
}

function columns(values: readonly (string | number)[]): string {
  return values.map((value) => String(value).padStart(10)).join('');
}

function total(all: readonly Figures[]): Figures {
  const total = new Figures();
  for (const figures of all) for (const name of Object.keys(total) as (keyof Figures)[]) total[name] += figures[name];
  return total;
}

describe(`${GROUPS} log groups, ${COLD} cold containers at a time, and an AWS that gives no tags (seed ${SEED})`, function () {
  this.timeout(300_000);
  let withCatalogue: Outcome;
  let without: Outcome;
  before(async () => {
    withCatalogue = await simulate(PHASES, SEED);
    without = await simulate(WITHOUT_CATALOGUE, SEED);
    console.log(table(withCatalogue, without));
  });

  it('put no line under labels that are not those of its log group', () => {
    for (const phase of PHASES) expect(withCatalogue.account.figures(phase).wrong, phase.name).to.equal(0);
  });

  it('lose no line: what is not in Loki is in the bucket', () => {
    for (const { lines, stored, kept } of [withCatalogue, without])
      for (let i = 0; i < lines; i++)
        expect(stored.has(`line ${i}`) || kept.has(`line ${i}`), `line ${i}`).to.equal(true);
  });

  it('start cold in every storm, all in the same second', () => {
    for (const minute of STORMS) expect(coldAt(minute, withCatalogue), `minute ${minute}`).to.be.at.least(COLD);
  });

  it('fail for want of tags and of nothing else', () => {
    for (const { lambda } of [withCatalogue, without])
      expect([...lambda.invocations.keys()]).to.have.members(['', 'TagsUnavailable']);
  });

  it('go on through the hour in which tags are denied, but for log groups that no catalogue ever had', () => {
    const [, denied] = PHASES;
    const [own, other] = [withCatalogue, without].map(({ account }) => account.figures(denied));
    // A group in thirty is young, for the first half of the time, and tried three times.
    expect(own?.failed).to.be.below((own?.invocations ?? 0) / 10);
    expect(other?.failed).to.be.above((other?.invocations ?? 0) / 2);
  });

  it('ask CloudWatch Logs for those log groups only, while there is a catalogue', () => {
    for (const phase of PHASES.filter(({ catalogue }) => catalogue === 'there')) {
      const [own, other] = [withCatalogue, without].map(({ account }) => account.figures(phase).lookUps);
      expect(own, phase.name).to.be.below((other ?? 0) / 5);
    }
  });
});

import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { decodeParked, type ParkedLine } from '../../function/delivery/parked.ts';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { type Loki, type Settings, startLoki } from '../../tools/local/loki.ts';
import { failure } from '../function/failure.ts';
import { lambdaContext } from '../function/lambda-context.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { outputOf } from '../support/output.ts';
import { orSkip } from '../support/parts.ts';

const TENANT = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/tenant`;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Each scenario is a tenant of its own, so that what Loki counts is of that scenario alone. */
const LIMITS = {
  'too-old': { reject_old_samples_max_age: '1h' },
  'too-new': { creation_grace_period: '10m' },
  'too-long': { max_line_size: 2_000 },
  'all-at-once': { reject_old_samples_max_age: '1h', creation_grace_period: '10m', max_line_size: 2_000 },
  'all-too-old': { reject_old_samples_max_age: '1h' },
  'long-label-value': { max_label_value_length: 20 },
  'long-label-name': { max_label_name_length: 11 },
  'many-labels': { max_label_names_per_series: 3 },
  'missing-label': { enforced_labels: ['team'] },
  'much-metadata': { max_structured_metadata_entries_count: 2 },
  'large-metadata': { max_structured_metadata_size: '1kb' },
  'no-metadata': { allow_structured_metadata: false },
  'no-metadata-and-too-old': { allow_structured_metadata: false, reject_old_samples_max_age: '1h' },
  'request-rate': { ingestion_rate_mb: 0.5, ingestion_burst_size_mb: 0.5 },
  'stream-rate': { per_stream_rate_limit: '1MB', per_stream_rate_limit_burst: '1MB' },
  blocked: { block_ingestion_until: '2999-01-01T00:00:00Z', block_ingestion_status_code: 260 },
  'few-streams': { max_global_streams_per_user: 1 },
  // The host's Loki takes them.
  'too-far-behind': { shard_streams: { time_sharding_enabled: false } },
  restart: { ingestion_rate_mb: 50, ingestion_burst_size_mb: 100, per_stream_rate_limit: '50MB' },
} as const satisfies Record<string, Settings>;

type Tenant = keyof typeof LIMITS;

interface Event {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** What an invocation said and did. */
interface Outcome {
  /** Its EMF record. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly parked: readonly ParkedLine[];
  readonly error: unknown;
}

let containers = 0;

/** As many events as `message` has lines; by default each a millisecond after the one before, the last one now. */
function events(count: number, message: (i: number) => string, ageMs: (i: number) => number = () => 0): Event[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, i) => ({
    id: `3871542897460000000000000000000000000000000000000000${String(i).padStart(4, '0')}`,
    timestamp: now - (count - i) - ageMs(i),
    message: message(i),
  }));
}

describe("The shipper and a real Loki's refusals", function () {
  this.timeout(120_000);
  let aws: FakeAws;
  let loki: Loki;
  /** With limits that all tenants share. */
  let small: Loki;
  let full: Loki;
  let folder: string;

  before(async function () {
    const program = await orSkip(this, () => findLoki(console.error));
    folder = runFolder();
    [loki, small, full] = await Promise.all([
      startLoki(program, `${folder}/tenants`, { tenants: LIMITS }),
      startLoki(program, `${folder}/small`, { settings: { server: { grpc_server_max_recv_msg_size: 200_000 } } }),
      // Of the disk; 0 would mean never. Loki looks every ten seconds.
      startLoki(program, `${folder}/full`, { settings: { ingester: { wal: { disk_full_threshold: 1e-9 } } } }),
    ]);
  });
  after(async () => {
    await Promise.all([loki, small, full].map((one) => one?.stop()));
    if (folder) removeFolder(folder);
  });
  beforeEach(async () => {
    aws = await FakeAws.start();
  });
  afterEach(() => aws.stop());

  interface Case {
    readonly events: readonly Event[];
    /** Default: the tenants'. */
    readonly at?: Loki;
    readonly group?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly remainingMs?: number;
    /** Is done while it runs. */
    readonly meanwhile?: () => Promise<unknown>;
  }

  /** One invocation of a new container of the shipper, which leaves it to Loki to refuse. */
  async function ship(
    tenant: Tenant,
    { events, at = loki, group, tags, remainingMs, meanwhile }: Case,
  ): Promise<Outcome> {
    const logGroup = group ?? `/aws/lambda/${tenant}`;
    aws.logGroups.set(`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroup}`, tags ?? { zone: 'a', sut: 'orders' });
    aws.parameters.set(TENANT, tenant);
    Object.assign(process.env, ENVIRONMENT, {
      LOKI_URL: at.url,
      LOKI_TENANT_ARN: TENANT,
      LABEL_POLICY: JSON.stringify({ from_tags: [], static: { env: 'prod' }, refresh_seconds: 300 }),
      LINE_RULES: JSON.stringify({
        max_bytes: 1024 * 1024,
        too_long: 'split',
        max_age_hours: 0,
        max_ahead_minutes: 0,
        out_of_range: 'park',
      }),
    });
    const { handler } = (await import(
      `../../function/shipper.ts?answers-${++containers}.ts`
    )) as typeof import('../../function/shipper.ts');
    const delivery = { messageType: 'DATA_MESSAGE', owner: ACCOUNT, logGroup, logStream: 's', logEvents: events };
    const event = { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } };
    const before = new Set(aws.objects.keys());
    const working = outputOf(handler(event, lambdaContext('loki-shipper-shipper', remainingMs)));
    await meanwhile?.();
    const { lines, result } = await working;
    const record = lines.map((line) => (line.startsWith('{') ? JSON.parse(line) : {})).find(({ _aws }) => _aws) ?? {};
    const error: unknown = await failure(Promise.resolve().then(result));
    const objects = [...aws.objects].filter(([key]) => !before.has(key));
    const parked = objects.flatMap(([, body]) => decodeParked(body));
    return { record, parked, error };
  }

  const shown = async (tenant: Tenant, at = loki, group = `/aws/lambda/${tenant}`) =>
    (await at.query(`{log_group="${group}"} | line_format "{{ trunc 40 __line__ }}"`, tenant)).map(({ line }) => line);

  /** Asserts that the shipper's ledger, the bucket and what Loki shows say the same of each line. */
  async function expectAgreement(tenant: Tenant, sent: readonly Event[], { record, parked }: Outcome, at = loki) {
    const { EntriesStored: stored, EntriesParked: kept = 0, EntriesOwed: owed = 0 } = record;
    expect(Number(stored) + Number(kept) + Number(owed), JSON.stringify(record)).to.equal(sent.length);
    expect(record.EntriesReceived).to.equal(sent.length);
    expect(countsOf(parked)).to.deep.equal(record.parked ?? {});
    if (owed !== 0) return;
    const ids = new Set(parked.map(({ eventId }) => eventId));
    const rest = sent.filter(({ id }) => !ids.has(id)).map(({ message }) => message.slice(0, 40));
    expect((await shown(tenant, at)).sort()).to.deep.equal(rest.sort());
  }

  const countsOf = (parked: readonly ParkedLine[]) => {
    const counts: Record<string, number> = {};
    for (const { reason } of parked) counts[reason] = (counts[reason] ?? 0) + 1;
    return counts;
  };
  const line = (i: number) => `line ${i} of a delivery`;

  const ENTRY_CASES: readonly (readonly [Tenant, string, (i: number) => string, (i: number) => number])[] = [
    ['too-old', 'greater_than_max_sample_age', line, (i) => (i === 0 || i === 57 ? 2 * HOUR : 0)],
    ['too-new', 'too_far_in_future', line, (i) => (i === 99 || i === 120 ? -HOUR / 2 : 0)],
    ['too-long', 'line_too_long', (i) => line(i) + ' '.repeat(i === 42 || i === 199 ? 3_000 : 0), () => 0],
  ];
  for (const [tenant, reason, message, age] of ENTRY_CASES)
    it(`parks the lines that are refused with ${reason}, and stores the others`, async () => {
      const sent = events(200, message, age);
      const outcome = await ship(tenant, { events: sent });
      await expectAgreement(tenant, sent, outcome);
      expect(outcome.record).to.deep.include({ EntriesStored: 198, EntriesParked: 2, parked: { [reason]: 2 } });
      expect(outcome.record.Pushes).to.be.at.most(1 + 2 * (2 * Math.log2(200) + 4));
      const discarded = await loki.discarded(tenant);
      expect(Object.keys(discarded)).to.deep.equal([reason]);
      expect(discarded[reason]).to.be.at.least(2);
      for (const { said, reason: of } of outcome.parked) expect([of, said.length > 20]).to.deep.equal([reason, true]);
    });

  it('tells the reasons apart when lines of one push are refused for several', async () => {
    const tenant = 'all-at-once';
    const sent = events(
      100,
      (i) => line(i) + ' '.repeat(i === 30 ? 3_000 : 0),
      (i) => (i === 10 ? 2 * HOUR : i === 20 ? -HOUR / 2 : 0),
    );
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    const reasons = { greater_than_max_sample_age: 1, too_far_in_future: 1, line_too_long: 1 };
    expect(outcome.record.parked).to.deep.equal(reasons);
    expect(await loki.discarded(tenant)).to.have.all.keys(reasons);
  });

  it('parks a delivery that is too old as a whole after a single push', async () => {
    const tenant = 'all-too-old';
    const sent = events(100, line, () => 2 * HOUR);
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    expect(outcome.record).to.include({ EntriesParked: 100, Pushes: 1 });
    expect(await loki.discarded(tenant)).to.deep.equal({ greater_than_max_sample_age: 100 });
  });

  for (const [tenant, reason] of [
    ['long-label-value', 'label_value_too_long'],
    ['long-label-name', 'label_name_too_long'],
    ['many-labels', 'max_label_names_per_series'],
    ['missing-label', 'missing_enforced_labels'],
  ] as const)
    it(`parks all of a delivery whose labels are refused with ${reason}`, async () => {
      const sent = events(20, line);
      const outcome = await ship(tenant, { events: sent });
      await expectAgreement(tenant, sent, outcome);
      expect(outcome.record).to.deep.include({
        EntriesStored: 0,
        EntriesParked: 20,
        parked: { [reason]: 20 },
        Pushes: 1,
      });
      // Some of them Loki counts as `invalid_labels` as well.
      expect(await loki.discarded(tenant)).to.include({ [reason]: 20 });
    });

  for (const [tenant, reason] of [
    ['much-metadata', 'structured_metadata_too_many'],
    ['large-metadata', 'structured_metadata_too_large'],
    ['no-metadata', 'disallowed_structured_metadata'],
  ] as const)
    it(`stores lines without their metadata, which is refused with ${reason}`, async () => {
      const sent = events(20, line);
      const tags = { zone: 'a', sut: 'orders', description: 'x'.repeat(tenant === 'large-metadata' ? 1_500 : 1) };
      const outcome = await ship(tenant, { events: sent, tags });
      await expectAgreement(tenant, sent, outcome);
      expect(outcome.record).to.include({ EntriesStored: 20, MetadataDropped: 20, Pushes: 2 });
      expect(await loki.discarded(tenant)).to.have.all.keys(reason);
    });

  it('parks a line that is too old among lines whose metadata is refused', async () => {
    const tenant = 'no-metadata-and-too-old';
    const sent = events(20, line, (i) => (i === 7 ? 2 * HOUR : 0));
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    expect(outcome.record).to.deep.include({ EntriesStored: 19, parked: { greater_than_max_sample_age: 1 } });
  });

  it('waits, and sends less at once, when a push exceeds the rate limit', async () => {
    const tenant = 'request-rate';
    const sent = events(90, (i) => line(i).padEnd(10_000, '.'));
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    expect(outcome.record).to.include({ EntriesStored: 90 });
    expect(await loki.discarded(tenant)).to.have.all.keys('rate_limited');
  });

  it('waits when a stream exceeds its rate limit', async () => {
    const tenant = 'stream-rate';
    const sent = events(180, (i) => line(i).padEnd(10_000, '.'));
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    expect(outcome.record).to.include({ EntriesStored: 180 });
    expect(outcome.record.PushRetries).to.be.above(0);
    expect(await loki.discarded(tenant)).to.have.all.keys('per_stream_rate_limit');
  });

  it('fails, and owes all lines, when Loki blocks them with a status that looks like success', async () => {
    const tenant = 'blocked';
    const sent = events(5, line);
    const outcome = await ship(tenant, { events: sent });
    await expectAgreement(tenant, sent, outcome);
    expect(`${outcome.error}`).to.match(/^PushFailed: .*status 260: ingestion blocked/);
    expect(outcome.record).to.include({ EntriesStored: 0, EntriesOwed: 5, Pushes: 1 });
    expect(await shown(tenant)).to.deep.equal([]);
    expect(await loki.discarded(tenant)).to.have.all.keys('blocked_ingestion');
  });

  it('fails, and owes all lines, when Loki has too many streams', async () => {
    const tenant = 'few-streams';
    const first = events(5, line);
    await expectAgreement(tenant, first, await ship(tenant, { events: first }));
    const group = '/aws/lambda/one-too-many';
    const outcome = await ship(tenant, { events: events(5, line), group });
    expect(`${outcome.error}`).to.match(/^PushFailed: .*status 429: .*active stream limit exceeded/);
    expect(outcome.record).to.include({ EntriesStored: 0, EntriesOwed: 5, Pushes: 1 });
    expect(outcome.parked).to.deep.equal([]);
    expect(await shown(tenant, loki, group)).to.deep.equal([]);
    expect(await loki.discarded(tenant)).to.have.all.keys('stream_limit');
  });

  it('parks the lines that are too far behind what the stream has', async () => {
    const tenant = 'too-far-behind';
    const newest = events(10, line);
    expect((await ship(tenant, { events: newest })).record.EntriesStored).to.equal(10);
    const sent = events(
      100,
      (i) => `late ${line(i)}`,
      (i) => (i < 70 ? 3 * HOUR - i * MINUTE : 0),
    ).map((event) => ({
      ...event,
      id: `${event.id}1`,
    }));
    const outcome = await ship(tenant, { events: sent });
    expect(outcome.record).to.deep.include({ EntriesStored: 30, parked: { too_far_behind: 70 } });
    expect(countsOf(outcome.parked)).to.deep.equal({ too_far_behind: 70 });
    expect(await shown(tenant)).to.have.length(40);
    expect(await loki.discarded(tenant)).to.have.all.keys('too_far_behind');
  });

  it('sends less at once when the message is larger than Loki takes, and parks a single line that is', async () => {
    const tenant = 'restart'; // This Loki has none.
    const sent = events(60, (i) => line(i).padEnd(i === 33 ? 250_000 : 15_000, '.'));
    const outcome = await ship(tenant, { events: sent, at: small });
    await expectAgreement(tenant, sent, outcome, small);
    expect(outcome.record).to.deep.include({ EntriesStored: 59, parked: { too_large: 1 } });
  });

  it('delivers every line when Loki restarts in the middle', async () => {
    const tenant = 'restart';
    const sent = events(4_000, (i) => line(i).padEnd(2_500, `${i % 7}`));
    const outcome = await ship(tenant, { events: sent, meanwhile: () => loki.restart() });
    await expectAgreement(tenant, sent, outcome);
    expect(outcome.record).to.include({ EntriesStored: 4_000 });
    expect(outcome.record.PushRetries).to.be.above(0);
  });

  it("fails, and owes all lines, while Loki's disk is full", async () => {
    const push = () =>
      fetch(`${full.url}/loki/api/v1/push`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ streams: [{ stream: { a: 'b' }, values: [[String(Date.now() * 1e6), 'x']] }] }),
      });
    await eventually('Loki looks at its disk', async () => (await push()).status === 500);
    const tenant = 'restart';
    const outcome = await ship(tenant, { events: events(5, line), at: full, remainingMs: 5_000 });
    expect(`${outcome.error}`).to.match(/^PushFailed: .*status 500 after \d+ tries: .*Ingester is shutting down/);
    expect(outcome.record).to.include({ EntriesStored: 0, EntriesOwed: 5 });
    expect(outcome.parked).to.deep.equal([]);
    expect(await shown(tenant, full)).to.deep.equal([]);
  });
});

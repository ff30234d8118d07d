import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CreateLogStreamCommand,
  type FilteredLogEvent,
  PutLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { ACCOUNT, REGION } from '../../tools/local/account.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import { type Line, startLoki } from '../../tools/local/loki.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { mulberry32 } from '../support/mutated-event.ts';
import { orSkip } from '../support/parts.ts';
import { Aws } from './aws.ts';
import { cli, startCli, stateOf } from './cli.ts';
import { Deployment, type Outputs } from './deployment.ts';

const SEED = Number(process.env.BACKFILL_SEED) || Math.floor(Math.random() * 2 ** 31);
const NEW = '/aws/lambda/new-here';
const LIVE = '/aws/lambda/shipped-live';
const MINUTE = 60_000;
const LINES = 5_000;
const STREAMS = 6;

/**
 * MiniStack gives deliveries other ids than FilterLogEvents does, which AWS does not: so what was shipped live before is
 * delivered by the test, with the ids of FilterLogEvents.
 */
describe('loki-shipper backfill, end to end', function () {
  this.timeout(300_000);
  let stack: Stack;
  let aws: Aws;
  let outputs: Outputs;
  let start: number;

  /** Log stream → its lines, as CloudWatch got them. */
  const written = new Map<string, { readonly timestamp: number; readonly message: string }[]>();

  before(async function () {
    stack = await orSkip(this, startStack);
    aws = new Aws(stack);
    start = Date.now(); // Not before: in a run of all tests, this file is read long before its turn.
    for (const group of [NEW, LIVE]) await aws.createLogGroup(group, { owner: 'checkout', zone: 'a' });
    const random = mulberry32(SEED);
    let time = start - 55 * MINUTE;
    for (let i = 0; i < LINES; i++) {
      // Many lines share a millisecond, and many a text.
      if (random() < 0.7) time += Math.floor(random() * ((2 * 50 * MINUTE) / LINES / 0.7));
      const logStream = `2026/11/23/[$LATEST]${Math.floor(random() * STREAMS)}`;
      const message = random() < 0.2 ? 'the same' : `line ${i} ${'x'.repeat(Math.floor(random() * 800))}`;
      written.set(logStream, [...(written.get(logStream) ?? []), { timestamp: time, message }]);
    }
    for (const [logStream, lines] of written) await put(NEW, logStream, lines);
    await put(
      LIVE,
      'old',
      Array.from({ length: 50 }, (_, i) => ({ timestamp: start - 150 * MINUTE + i * MINUTE, message: `old ${i}` })),
    );

    const deployment = new Deployment(stack, 'platform');
    await deployment.apply({
      loki_url: stack.loki.url,
      log_groups: { [LIVE]: {} },
      labels: { from_tags: ['owner'] },
      force_destroy: true,
    });
    outputs = await deployment.outputs();
  });
  after(() => stack?.stop());

  async function put(logGroupName: string, logStreamName: string, logEvents: { timestamp: number; message: string }[]) {
    await aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await aws.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }

  async function eventsBetween(logGroupName: string, startTime: number, endTime: number): Promise<FilteredLogEvent[]> {
    const events: FilteredLogEvent[] = [];
    for await (const page of paginateFilterLogEvents({ client: aws.logs }, { logGroupName, startTime, endTime }))
      events.push(...(page.events ?? []));
    return events;
  }

  /** Ships lines as CloudWatch does. */
  async function shipLive(logGroup: string, events: readonly FilteredLogEvent[]): Promise<void> {
    for (const logStream of new Set(events.map(({ logStreamName }) => logStreamName))) {
      const logEvents = events
        .filter(({ logStreamName }) => logStreamName === logStream)
        .map(({ eventId: id, timestamp, message }) => ({ id, timestamp, message }));
      const delivery = { messageType: 'DATA_MESSAGE', owner: ACCOUNT, logGroup, logStream, logEvents };
      const data = gzipSync(JSON.stringify(delivery)).toString('base64');
      expect(await aws.invoke(outputs.shipper_function_name, { awslogs: { data } })).to.equal(undefined);
    }
  }

  const shown = (logStream: string) => stack.loki.query(`{log_group="${NEW}"} | log_stream=\`${logStream}\``);
  const countShown = async () =>
    (await Promise.all([...written.keys()].map(shown))).reduce((sum, lines) => sum + lines.length, 0);
  const checkpoint = () => {
    const folder = join(stateOf(stack), 'loki-shipper', 'backfill');
    const [file] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return file === undefined ? undefined : JSON.parse(readFileSync(join(folder, file), 'utf8'));
  };
  const millisecond = ({ timestamp }: Line) => Number(BigInt(timestamp) / 1_000_000n);

  it(`shows ${LINES} lines once, in order and labelled as if they were live, though a part was, and it is killed twice (seed ${SEED})`, async () => {
    const live = await eventsBetween(NEW, start - 40 * MINUTE, start - 30 * MINUTE);
    expect(live.length).to.be.above(100);
    await shipLive(NEW, live);
    expect(await countShown()).to.equal(live.length);

    const command = ['backfill', NEW, '--from', '1h', '--to', '1m', '--limit-rate', '400K', '--json'];
    const kill = async (what: string, when: () => Promise<boolean>) => {
      const { child, outcome } = startCli(stack, ...command);
      await eventually(what, when);
      child.kill('SIGKILL');
      expect((await outcome).code).to.equal(-1);
    };
    await kill('the first new lines', async () => (await countShown()) > live.length);
    expect(checkpoint().counts.lines).to.equal(0);
    await kill('a checkpoint', async () => checkpoint().counts.lines > 0);
    const { counts } = checkpoint();
    expect(counts.lines).to.be.below(LINES);

    const { code, out, err } = await cli(stack, ...command);
    expect({ code, err }).to.have.property('code', 0);
    expect(err).to.include(`: ${counts.lines} lines are done, up to `);
    expect(JSON.parse(out)).to.deep.include({ lines: LINES, stored: LINES, parked: {}, error: null });
    expect(checkpoint()).to.equal(undefined);

    for (const [logStream, lines] of written) {
      const found = await shown(logStream);
      expect(found.map((entry) => [millisecond(entry), entry.line])).to.deep.equal(
        lines.map(({ timestamp, message }) => [timestamp, message]),
      );
      for (const { labels } of found) {
        const { detected_level: _, ...others } = labels;
        expect(others).to.deep.equal({
          service_name: 'new-here',
          log_group: NEW,
          account_id: ACCOUNT,
          region: REGION,
          owner: 'checkout',
          zone: 'a',
          log_stream: logStream,
        });
      }
    }
    expect(Object.keys(await stack.loki.discarded())).to.deep.equal([]);
  });

  it('does all of it again without a line that is shown twice', async () => {
    const { code, out } = await cli(stack, 'backfill', NEW, '--from', '2h');
    expect(code).to.equal(0);
    expect(out).to.equal('Lines  Stored  Parked\n5,000   5,000       0\n');
    expect(await countShown()).to.equal(LINES);
  });

  it('warns of a group that is shipped live, and stops when a Loki without time sharding finds its lines too far behind', async () => {
    const loki = await startLoki(await findLoki(console.error), join(stack.folder, 'other'), {
      settings: { limits_config: { shard_streams: { time_sharding_enabled: false } } },
    });
    try {
      const FunctionName = outputs.shipper_function_name;
      const { Environment } = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Variables = { ...Environment?.Variables, LOKI_URL: loki.url };
      await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
      await aws.log(LIVE, 'new', 'live');
      await eventually('the live line', async () => (await loki.query(`{log_group="${LIVE}"}`)).length > 0);
      const { code, out, err } = await cli(stack, 'backfill', LIVE, '--from', '3h', '--to', '70m');
      expect(code).to.equal(3);
      expect(err).to.include(`warning: ${LIVE} is shipped live`).and.include('(too_far_behind)');
      expect(out).to.match(/^Lines {2}Stored {2}Parked\n {3}\d\d {7}0 {6}\d\d\n/);
      expect(await aws.keysOf(outputs.bucket, 'parked/')).not.to.be.empty;
      expect((await loki.query(`{log_group="${LIVE}"}`)).map(({ line }) => line)).to.deep.equal(['live']);
    } finally {
      await loki.stop();
    }
  });

  it('refuses what is too old, a log group that is not there, and its own', async () => {
    const own = `/aws/lambda/${outputs.shipper_function_name}`;
    for (const [group, from, words] of [
      [NEW, '8d', 'are too old'],
      ['/not/there', '1h', 'there is no such log group'],
      [own, '1h', "is loki-shipper's own"],
    ] as const) {
      const { code, out, err } = await cli(stack, 'backfill', group, '--from', from);
      expect({ code, out }, err).to.deep.equal({ code: 3, out: '' });
      expect(err)
        .to.match(/^error: [^\n]+\n$/)
        .and.include(words);
    }
  });
});

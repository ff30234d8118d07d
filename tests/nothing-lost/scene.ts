import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { decodeParked, type ParkedLine } from '../../function/delivery/parked.ts';
import { readPush } from '../function/delivery/loki-push.ts';
import { lambdaContext } from '../function/lambda-context.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { outputOf } from '../support/output.ts';
import { type ScriptedLoki, type Step, startScriptedLoki } from '../support/scripted-loki.ts';

export interface Event {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

/** What a Loki does with a push, and which of its lines it stores, whatever it answers. */
export interface Judgement {
  readonly step: Step;
  /** Default: all for a 204, else none. */
  readonly stores?: (line: string) => boolean;
}

/** @param lines of the push; @param earlier requests that had the first of them */
export type Judge = (lines: readonly string[], earlier: number) => Judgement;

/** What became of the lines of one invocation, by all who know. */
export interface Outcome {
  /** What the function failed with. */
  readonly error: Error | undefined;
  /** Line → how often Loki stored it. */
  readonly stored: ReadonlyMap<string, number>;
  readonly parked: readonly ParkedLine[];
  readonly record: Readonly<Record<string, number>> & { readonly parked?: Readonly<Record<string, number>> };
  /** Requests that Loki saw. */
  readonly requests: number;
  /** All that the function wrote. */
  readonly output: string;
}

export const STORED: Judgement = { step: { status: 204 } };

/** What every line of a test has in it, and no message and no log of the function may have. */
export const SECRET = 'card-4711';

const GROUP = '/aws/lambda/fun-checkout';
let containers = 0;

/** A fake AWS and a fake Loki for the real handler, in a fresh container for each scene. */
export class Scene {
  readonly aws: FakeAws;
  readonly #lokis: ScriptedLoki[] = [];

  private constructor(aws: FakeAws) {
    this.aws = aws;
  }

  static async start(): Promise<Scene> {
    const aws = await FakeAws.start();
    aws.logGroups.set(`arn:aws:logs:eu-central-1:123456789012:log-group:${GROUP}`, { owner: 'checkout' });
    return new Scene(aws);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lokis.splice(0).map((loki) => loki.stop()));
    await this.aws.stop();
  }

  /**
   * Sends a delivery to the function.
   * @param remainingMs of the invocation
   * @param url of another Loki than the fake
   */
  async run(
    events: readonly Event[],
    judge: Judge,
    { remainingMs = 30_000, url, environment = {} }: RunOptions = {},
  ): Promise<Outcome> {
    const stored = new Map<string, number>();
    const seen = new Map<string, number>();
    const loki = await startScriptedLoki(({ body }) => {
      const lines = readPush(body).streams[0]?.entries.map(({ line }) => line) ?? [];
      const first = lines[0] ?? '';
      const earlier = seen.get(first) ?? 0;
      seen.set(first, earlier + 1);
      const { step, stores = () => typeof step === 'object' && step.status === 204 } = judge(lines, earlier);
      for (const line of lines) if (stores(line)) stored.set(line, (stored.get(line) ?? 0) + 1);
      return step;
    });
    this.#lokis.push(loki);
    Object.assign(process.env, ENVIRONMENT, {
      LOKI_URL: url ?? loki.url,
      LABEL_POLICY: JSON.stringify({ from_tags: ['owner'], static: {}, refresh_seconds: 300 }),
      PARALLEL_PUSHES: '1',
      ...environment,
    });
    // A module that is imported under another address is another module, with a state of its own.
    const { handler } = (await import(
      `../../function/shipper.ts?scene-${++containers}.ts`
    )) as typeof import('../../function/shipper.ts');
    this.aws.objects.clear();
    const { lines, result } = await outputOf(
      handler(eventOf(events), lambdaContext('loki-shipper-shipper', remainingMs)),
    );
    const record = lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
    expect(record, 'records of the invocation').to.have.length(1);
    return {
      error: errorOf(result),
      stored,
      parked: [...this.aws.objects.values()].flatMap(decodeParked),
      record: record[0],
      requests: loki.seen.length,
      output: lines.join('\n'),
    };
  }
}

export interface RunOptions {
  readonly remainingMs?: number;
  readonly url?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function eventOf(logEvents: readonly Event[]): unknown {
  const origin = {
    owner: '123456789012',
    logGroup: GROUP,
    logStream: 'a-stream',
    subscriptionFilters: ['loki-shipper'],
  };
  const delivery = { messageType: 'DATA_MESSAGE', ...origin, logEvents };
  return { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } };
}

/**
 * Asserts that every line of a delivery is where the ledger says: stored, parked, or owed because the invocation failed.
 * @param storesUnseen whether the fault stored lines before it failed: only then may a line be stored twice, or be in Loki
 *   and parked or owed as well
 */
export function expectNothingLost(events: readonly Event[], outcome: Outcome, storesUnseen = false): void {
  const { error, stored, parked, record, output } = outcome;
  const count = (name: string) => Number(record[name] ?? 0);
  const parkedLines = parked.map(({ line }) => line);
  expect(new Set(parkedLines).size, 'parked once').to.equal(parkedLines.length);

  for (const { message } of events) {
    const isStored = (stored.get(message) ?? 0) > 0;
    const isParked = parkedLines.includes(message);
    expect(isStored || isParked || error !== undefined, `a line is lost, of ${message.length} bytes`).to.equal(true);
    if (!storesUnseen) {
      expect(stored.get(message) ?? 0, 'stored once').to.be.at.most(1);
      expect(isStored && isParked, 'stored and parked').to.equal(false);
    }
  }
  expect(count('EntriesReceived') + count('PartsAdded')).to.equal(
    count('EntriesStored') + count('EntriesFiltered') + count('EntriesParked') + count('EntriesOwed'),
  );
  expect(count('EntriesReceived')).to.equal(events.length);
  expect(count('EntriesParked')).to.equal(parked.length);
  expect(Object.values(record.parked ?? {}).reduce((sum, n) => sum + n, 0)).to.equal(parked.length);
  expect(count('EntriesOwed') > 0).to.equal(error !== undefined);
  if (!storesUnseen) expect(count('EntriesStored')).to.equal([...stored.values()].reduce((sum, n) => sum + n, 0));
  expect(`${output}${error?.message}${error?.stack}`).not.to.include(SECRET);
}

function errorOf(result: () => unknown): Error | undefined {
  try {
    result();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(`Not an error: ${error}`);
  }
}

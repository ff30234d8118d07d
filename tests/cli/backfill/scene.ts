import type { HistoryEvent, HistoryPage, HistoryQuery, LogHistory } from '../../../cli/aws/log-history.ts';
import { runCli } from '../../../cli/program.ts';
import { decode } from '../../../function/delivery/decode.ts';
import { parkIn } from '../../../function/delivery/park.ts';
import type { Refusal } from '../../../function/delivery/push.ts';
import { Ledger } from '../../../function/ledger.ts';
import { ship } from '../../../function/ship.ts';
import { readPush } from '../../function/delivery/loki-push.ts';
import { Bucket } from '../../support/bucket.ts';
import { ENVIRONMENT } from '../../support/environment.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

export const GROUP = '/aws/lambda/checkout';
export const SHIPPER_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper';
export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const HOUR = 3_600_000;

/** An entry of Loki: two that are equal are shown once. */
export interface Entry {
  readonly labels: string;
  readonly logStream: string;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly line: string;
}

/** A log group in memory, the command line, and the shipper's own code with a Loki and a bucket in memory. */
export class Scene implements LogHistory {
  /** What CloudWatch has, as it sorts it. */
  events: HistoryEvent[] = [];
  /** The most lines of a page. */
  pageSize = 10_000;
  /** The pattern by which the group is shipped live; undefined when it is not. */
  live: string | undefined;
  environment: Readonly<Record<string, string>> = {
    ...ENVIRONMENT,
    LOKI_URL: 'http://loki',
    LABEL_POLICY: JSON.stringify({ from_tags: ['owner'], static: {}, refresh_seconds: 60 }),
  };
  /** Is asked before each call of AWS or of the shipper: what it throws, the call throws. */
  before: (call: 'settings' | 'filters' | 'page' | 'invoke') => void = () => {};
  /** What Loki says to a push of these lines. */
  refuse: (lines: readonly string[]) => Refusal | undefined = () => undefined;

  readonly queries: HistoryQuery[] = [];
  readonly bucket = new Bucket();
  readonly loki = new Map<string, Entry>();
  /** Lines of each delivery that was shipped, in order. */
  readonly deliveries: (readonly string[])[] = [];
  /** How many pushes Loki got. */
  pushes = 0;
  readonly stateFolder: string;
  #surroundings = new ScriptedSurroundings([]);

  constructor(stateFolder: string) {
    this.stateFolder = stateFolder;
  }

  /** Of the last run, or of the next one. */
  get surroundings(): ScriptedSurroundings {
    return this.#surroundings;
  }

  /** A line that CloudWatch has; its id is made of the time and a count, as CloudWatch's are. */
  log(logStream: string, timestamp: number, message: string): HistoryEvent {
    const event = { id: `${(BigInt(timestamp) << 144n) + BigInt(this.events.length)}`, timestamp, message, logStream };
    this.events.push(event);
    return event;
  }

  /** What the live subscription would have done with these. */
  async shipLive(events: readonly HistoryEvent[]): Promise<void> {
    for (const logStream of new Set(events.map((event) => event.logStream)))
      await this.#ship(
        logStream,
        events.filter((event) => event.logStream === logStream),
      );
  }

  async run(args: readonly string[] = [], isTTY = false) {
    const before = this.#surroundings;
    const surroundings = new ScriptedSurroundings([], isTTY);
    surroundings.time = before.time;
    this.#surroundings = surroundings;
    const code = await runCli(['backfill', GROUP, ...args], {
      ...surroundings,
      stateFolder: this.stateFolder,
      settings: () => async () => {
        this.before('settings');
        return { arn: SHIPPER_ARN, environment: this.environment };
      },
      history: () => this,
      connect: () => async (_, payload) => {
        this.before('invoke');
        return this.#invoke(payload);
      },
    });
    return { code, out: surroundings.stdout.text, err: surroundings.stderr.text };
  }

  async page(query: HistoryQuery): Promise<HistoryPage> {
    this.before('page');
    this.queries.push(query);
    const { from, to, filterPattern, token = '0' } = query;
    const found = this.events
      .filter(({ timestamp, message }) => timestamp >= from && timestamp < to && message.includes(filterPattern))
      .sort((a, b) => a.timestamp - b.timestamp);
    const end = Number(token) + this.pageSize;
    return { events: found.slice(Number(token), end), next: end < found.length ? `${end}` : undefined };
  }

  async filters() {
    this.before('filters');
    return this.live === undefined ? [] : [{ destinationArn: SHIPPER_ARN, filterPattern: this.live }];
  }

  /** The lines that a query of Loki shows, by time. */
  get shown(): readonly Entry[] {
    return [...this.loki.values()].sort((a, b) => Number(a.time - b.time));
  }

  async #invoke(payload: unknown): Promise<unknown> {
    const delivery = await decode(payload);
    if (!delivery) throw new Error('It is a control message.');
    const events = [];
    for await (const batch of delivery.batches) events.push(...batch);
    this.deliveries.push(events.map(({ message }) => message));
    return this.#ship(delivery.logStream, events);
  }

  async #ship(logStream: string, events: readonly { id: string; timestamp: number; message: string }[]) {
    const ledger = new Ledger();
    await ship(
      { owner: '123456789012', logGroup: GROUP, logStream, batches: [events] },
      {
        ledger,
        region: 'eu-central-1',
        labels: { fromTags: ['owner'], static: {} },
        rules: { maxBytes: 262_144, tooLong: 'split', maxAgeMs: 168 * HOUR, maxAheadMs: HOUR, outOfRange: 'park' },
        parallelPushes: 1,
        tagsOf: async () => ({ owner: 'checkout' }),
        push: async (body, { ledger }) => this.#push(body, ledger),
        parkOf: parkIn(this.bucket),
        deadline: NOW + HOUR,
        now: () => this.surroundings.time,
      },
    );
    return JSON.parse(JSON.stringify(ledger.result()));
  }

  #push(body: Uint8Array, ledger: Ledger): Refusal | undefined {
    this.pushes++;
    ledger.pushes++;
    const [stream] = readPush(body).streams;
    const entries = stream?.entries ?? [];
    const refusal = this.refuse(entries.map(({ line }) => line));
    if (refusal) return refusal;
    for (const { timestamp, line, structuredMetadata } of entries) {
      const logStream = structuredMetadata.find(({ name }) => name === 'log_stream')?.value ?? '';
      const time = BigInt(timestamp.seconds) * 1_000_000_000n + BigInt(timestamp.nanos);
      this.loki.set(`${stream?.labels} ${time} ${logStream} ${line}`, {
        labels: stream?.labels ?? '',
        logStream,
        time,
        line,
      });
    }
    return undefined;
  }
}

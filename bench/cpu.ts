import { gunzipSync } from 'node:zlib';
import type { LogEvent } from '../function/delivery/decode.ts';
import type { LabelPolicy } from '../function/labels/policy.ts';
import { importHotPath } from './bundles.ts';
import { CORPORA_AT, type Corpus } from './corpora.ts';
import { median } from './median.ts';

export interface Cpu {
  readonly corpus: string;
  readonly content: string;
  readonly lines: number;
  /** CPU of the floor, microseconds for the whole delivery. */
  readonly floorUs: number;
  /** CPU of decoding and checking alone, as a ratio to the floor. */
  readonly decode: number;
  /** CPU from the event to the bodies of its pushes, as a ratio to the floor. */
  readonly total: number;
  /** CPU of rules, counting, the verdict and the record alone for a delivery that Loki takes at once, as a ratio to `total`. */
  readonly care: number;
  /** CPU of the whole of such a delivery, with all that stands ready to isolate and park lines, as a ratio to `total`. */
  readonly whole: number;
  /** The same of `total` measured twice: what such a ratio differs from 1 by chance. */
  readonly again: number;
  /** Bytes of the bodies. */
  readonly pushBytes: number;
}

/** What a delivery carries beside its lines: the log stream and two tags as structured metadata of each line. */
const TAGS = { owner: 'checkout', location: 'eu-central-1', sut: 'orders' };
const LABELS: LabelPolicy = { fromTags: ['owner'], static: { env: 'prod' } };
const REGION = 'eu-central-1';
const INVOCATION = { functionName: 'loki-shipper-shipper', requestId: '0f1e2d3c' };

const ROUNDS = 25;
/** Each measurement repeats until it has handled this much JSON, so that the clock's steps of a microsecond do not count. */
const BYTES_A_ROUND = 8_000_000;

/**
 * CPU of the whole process, so collecting garbage and compiling count. In each round the candidates run in random
 * order; a ratio is the median over the rounds of the ratios inside a round, so that a busy machine cancels out.
 */
export async function measureCpu(corpora: readonly Corpus[]): Promise<Cpu[]> {
  const hotPath = await importHotPath();
  const { decode, encodePushes, Timestamps, streamOf, ship, Ledger, metricRecord, admit, verdictOf } = hotPath;
  let pushBytes = 0;
  let decoded: LogEvent[] = [];
  const encoded = async (event: Corpus['event']) => {
    pushBytes = 0;
    const delivery = await decode(event);
    if (!delivery) return;
    const stream = streamOf({ ...delivery, region: REGION }, TAGS, LABELS);
    const times = new Timestamps();
    for await (const events of delivery.batches) {
      const entries = { events, offsets: times.offsets(events), own: new Map() };
      for (const { body } of encodePushes(stream, entries)) pushBytes += body.length;
    }
  };
  const shipping = {
    region: REGION,
    labels: LABELS,
    // The module's defaults.
    rules: {
      maxBytes: 262_144,
      tooLong: 'split',
      maxAgeMs: 168 * 3_600_000,
      maxAheadMs: 600_000,
      outOfRange: 'park',
    } as const,
    parallelPushes: 2,
    tagsOf: async () => TAGS,
    parkOf: () => async () => undefined,
    push: async () => undefined,
    now: () => CORPORA_AT,
    deadline: Number.POSITIVE_INFINITY,
  };
  const candidates = {
    floor: ({ awslogs }: Corpus['event']) => parseAll(awslogs.data),
    decode,
    total: encoded,
    again: encoded,
    whole: async (event: Corpus['event']) => {
      const ledger = new Ledger();
      const delivery = await decode(event);
      if (!delivery) return;
      await ship(delivery, { ...shipping, ledger });
      const { logGroup } = delivery;
      metricRecord(ledger, { ...INVOCATION, logGroup, now: CORPORA_AT });
    },
    care: async () => {
      const ledger = new Ledger();
      ledger.receive(decoded);
      ledger.stored += admit(decoded, shipping.rules, CORPORA_AT).events.length;
      verdictOf({ status: 204, retryAfter: undefined, text: '' }, decoded.length);
      metricRecord(ledger, { ...INVOCATION, logGroup: '/aws/lambda/fun-checkout', now: CORPORA_AT });
    },
  };
  type Name = keyof typeof candidates;
  const names = Object.keys(candidates) as Name[];

  const results: Cpu[] = [];
  for (const { name, content, lines, event, jsonBytes } of corpora) {
    const times = Math.ceil(BYTES_A_ROUND / jsonBytes);
    decoded = [];
    for await (const events of (await decode(event))?.batches ?? []) decoded.push(...events);
    const rounds: Record<Name, number>[] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const round = { floor: 0, decode: 0, total: 0, again: 0, whole: 0, care: 0 };
      for (const name of shuffled(names)) {
        const before = process.cpuUsage();
        for (let i = 0; i < times; i++) await candidates[name](event);
        const { user, system } = process.cpuUsage(before);
        round[name] = (user + system) / times;
      }
      if (i > 0) rounds.push(round); // The first round is for the compiler.
    }
    results.push({
      corpus: name,
      content,
      lines,
      floorUs: median(rounds.map(({ floor }) => floor)),
      decode: median(rounds.map(({ decode, floor }) => decode / floor)),
      total: median(rounds.map(({ total, floor }) => total / floor)),
      care: median(rounds.map(({ care, total }) => care / total)),
      whole: median(rounds.map(({ whole, total }) => whole / total)),
      again: median(rounds.map(({ again, total }) => again / total)),
      pushBytes,
    });
  }
  return results;
}

/** The floor: what any forwarder in JavaScript has to do before it sees a line. */
function parseAll(data: string): unknown {
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

import { gunzipSync } from 'node:zlib';
import type { Stream } from '../function/delivery/encode.ts';
import { importHotPath } from './bundles.ts';
import type { Corpus } from './corpora.ts';
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
  /** Bytes of the bodies. */
  readonly pushBytes: number;
}

/** What a delivery carries beside its lines: the log stream and two tags as structured metadata of each line. */
const STREAM: Stream = {
  labels:
    '{service_name="fun-checkout", log_group="/aws/lambda/fun-checkout", account_id="123456789012", region="eu-central-1", env="prod", owner="checkout"}',
  metadata: [
    ['log_stream', '2026/01/15/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0'],
    ['location', 'eu-central-1'],
    ['sut', 'orders'],
  ],
};

const ROUNDS = 25;
/** Each measurement repeats until it has handled this much JSON, so that the clock's steps of a microsecond do not count. */
const BYTES_A_ROUND = 8_000_000;

/**
 * CPU of the whole process, so collecting garbage and compiling count. In each round the candidates run in random
 * order; a ratio is the median over the rounds of the ratios inside a round, so that a busy machine cancels out.
 */
export async function measureCpu(corpora: readonly Corpus[]): Promise<Cpu[]> {
  const { decode, encodePushes, Timestamps } = await importHotPath();
  let pushBytes = 0;
  const candidates = {
    floor: ({ awslogs }: Corpus['event']) => parseAll(awslogs.data),
    decode,
    total: async (event: Corpus['event']) => {
      const times = new Timestamps();
      pushBytes = 0;
      for await (const events of (await decode(event))?.batches ?? []) {
        const entries = { events, offsets: times.offsets(events), own: new Map() };
        for (const { body } of encodePushes(STREAM, entries)) pushBytes += body.length;
      }
    },
  };
  type Name = keyof typeof candidates;
  const names = Object.keys(candidates) as Name[];

  const results: Cpu[] = [];
  for (const { name, content, lines, event, jsonBytes } of corpora) {
    const times = Math.ceil(BYTES_A_ROUND / jsonBytes);
    const rounds: Record<Name, number>[] = [];
    for (let i = 0; i <= ROUNDS; i++) {
      const round = { floor: 0, decode: 0, total: 0 };
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

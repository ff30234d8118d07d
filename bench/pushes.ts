import type { LogEvent } from '../function/delivery/decode.ts';
import type { Entries } from '../function/delivery/entries.ts';
import type { SendPush } from '../function/delivery/push.ts';
import { findReadyLoki } from '../tools/local/find-loki.ts';
import { removeFolder, runFolder } from '../tools/local/folders.ts';
import { startLoki } from '../tools/local/loki.ts';
import { importHotPath } from './bundles.ts';
import type { Corpus } from './corpora.ts';
import { median } from './median.ts';

export interface Pushes {
  /** How many are under way at a time. */
  readonly parallel: number;
  readonly perSecond: number;
  /** Median of the ratios to one at a time, inside a round. */
  readonly ratio: number;
}

const PARALLEL = [1, 2, 4] as const;
const ROUNDS = 7;
/** Pushes of each measurement in a round. */
const PUSHES = 24;
/** None of these limits is to be measured. Nor is what Loki does with a stream that it finds too fast: it splits it. */
const LIMITS = {
  ingestion_rate_mb: 1_000,
  ingestion_burst_size_mb: 1_000,
  per_stream_rate_limit: '1GB',
  per_stream_rate_limit_burst: '1GB',
  shard_streams: { enabled: false },
};

/**
 * How many full pushes a second a real Loki on this machine takes. In each round the candidates run one after the other,
 * each with lines that Loki has not seen.
 *
 * @param corpus of which a push is made
 * @returns undefined when Loki is not installed
 */
export async function measurePushes(corpus: Corpus): Promise<Pushes[] | undefined> {
  const program = await findReadyLoki();
  if (!program) return undefined;
  const folder = runFolder();
  try {
    const loki = await startLoki(program, folder, { settings: { limits_config: LIMITS } });
    try {
      return await measure(loki.url, corpus);
    } finally {
      await loki.stop();
    }
  } finally {
    removeFolder(folder);
  }
}

async function measure(url: string, corpus: Corpus): Promise<Pushes[]> {
  const { createPusher, Ledger } = await importHotPath();
  const push = createPusher({ url, headers: async () => ({}) });
  const rounds: Record<number, number>[] = [];
  const nextBodies = await bodiesOf(corpus);
  for (let i = 0; i <= ROUNDS; i++) {
    const round: Record<number, number> = {};
    for (const parallel of PARALLEL) {
      const bodies = nextBodies();
      const ledger = new Ledger();
      const start = performance.now();
      await sendAll(bodies, parallel, (body) => push(body, { count: 1, deadline: Date.now() + 60_000, ledger }));
      round[parallel] = bodies.length / ((performance.now() - start) / 1000);
      if (ledger.retries > 0) throw new Error('Loki did not take each push at once: the numbers would mean nothing.');
    }
    if (i > 0) rounds.push(round); // The first round is for the compilers.
  }
  return PARALLEL.map((parallel) => ({
    parallel,
    perSecond: median(rounds.map((round) => round[parallel] ?? Number.NaN)),
    ratio: median(rounds.map((round) => (round[parallel] ?? Number.NaN) / (round[1] ?? Number.NaN))),
  }));
}

/** @returns a function that gives the bodies of a measurement: each time of other times, so that Loki stores them all */
async function bodiesOf({ event }: Corpus): Promise<() => Buffer[]> {
  const { decode, encodePushes, Timestamps } = await importHotPath();
  const events: LogEvent[] = [];
  for await (const batch of (await decode(event))?.batches ?? []) events.push(...batch);
  let time = Date.now() - 60_000;
  return () =>
    Array.from({ length: PUSHES }, () => {
      time++;
      const moved = events.map((event) => ({ ...event, timestamp: time }));
      const entries: Entries = { events: moved, offsets: new Timestamps().offsets(moved), own: new Map() };
      const [first] = encodePushes({ labels: '{service_name="bench"}', metadata: [['log_stream', 's']] }, entries);
      return first?.body ?? Buffer.alloc(0);
    });
}

async function sendAll(bodies: readonly Buffer[], parallel: number, push: (body: Buffer) => ReturnType<SendPush>) {
  const rest = bodies.values();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (const body of rest) {
        const refusal = await push(body);
        if (refusal) throw new Error(`Loki refuses a push of the bench: ${refusal.said}`);
      }
    }),
  );
}

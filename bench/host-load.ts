import type { LogEvent } from '../function/delivery/decode.ts';
import { encodePushes } from '../function/delivery/encode.ts';
import { createPusher } from '../function/delivery/push.ts';
import { Timestamps } from '../function/delivery/timestamps.ts';
import { Ledger } from '../function/ledger.ts';
import { lambdaLines, random } from './corpora.ts';

export interface LoadProps {
  readonly url: string;
  /** Bytes of lines. */
  readonly bytes: number;
  /** Log groups that they are of. */
  readonly groups: number;
  /** Milliseconds up to now that they are spread over. */
  readonly spanMs: number;
  /** @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Loki has taken. */
export interface Loaded {
  readonly lines: number;
  readonly bytes: number;
  readonly pushes: number;
  /** Pushes that were repeated, because of a limit. */
  readonly retries: number;
  readonly seconds: number;
}

/** Lines of a delivery: about 1 MiB, a push. */
const LINES = 4_500;
const DISTINCT = 225_000;
const PARALLEL = 4;

/**
 * Pushes lines of Lambda functions through the shipper's own encoder and its pushes, four at a time.
 *
 * @throws Error when Loki does not take a push
 */
export async function load({ url, bytes, groups, spanMs, headers = {} }: LoadProps): Promise<Loaded> {
  const lines = lambdaLines(DISTINCT, random(6));
  const push = createPusher({ url, headers: async () => headers });
  const ledger = new Ledger();
  const loaded = { lines: 0, bytes: 0, pushes: 0 };
  const start = Date.now();
  let next = 0;

  const deliver = async () => {
    while (loaded.bytes < bytes) {
      const delivery = next++;
      const events = eventsOf(lines, delivery, start - spanMs + spanMs * Math.min(1, loaded.bytes / bytes));
      loaded.lines += events.length;
      for (const { message } of events) loaded.bytes += message.length; // They are of ASCII.
      const stream = { labels: `{service_name="fun-${delivery % groups}"}`, metadata: [['log_stream', 's']] as const };
      for (const { entries, body } of encodePushes(stream, {
        events,
        offsets: new Timestamps().offsets(events),
        own: new Map(),
      })) {
        loaded.pushes++;
        const limits = { count: entries.events.length, deadline: Date.now() + 120_000, ledger };
        const refusal = await push(body, limits);
        if (refusal) throw new Error(`Loki refuses a push: ${refusal.said}`);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, deliver));
  return { ...loaded, retries: ledger.retries, seconds: (Date.now() - start) / 1000 };
}

function eventsOf(lines: readonly string[], delivery: number, at: number): LogEvent[] {
  const from = (delivery * LINES) % (DISTINCT - LINES);
  const timestamp = Math.floor(at);
  return lines.slice(from, from + LINES).map((message, i) => ({
    id: String(delivery * LINES + i).padStart(56, '0'),
    timestamp: timestamp + Math.floor(i / 100),
    message,
  }));
}

import { gzipSync } from 'node:zlib';
import type { LogEvent } from '../function/delivery/decode.ts';

/** What a measurement runs on: a delivery as Lambda hands it over, and what is in it. */
export interface Corpus {
  readonly name: string;
  /** What the lines are, for the reader of the table. */
  readonly content: string;
  readonly event: { readonly awslogs: { readonly data: string } };
  readonly lines: number;
  /** Bytes of the JSON before compression. */
  readonly jsonBytes: number;
}

/** When the lines of the corpora were written, about: milliseconds since 1970. */
export const CORPORA_AT = Date.UTC(2026, 0, 15, 8);

/** The corpora of the table. Equal on every machine: they come from a seed. */
export function corpora(): readonly Corpus[] {
  return [
    corpus('a', '1,000 lines of Lambda functions, JSON and reports', lambdaLines(1_000, random(1))),
    corpus('b', '10,000 lines of an access log', accessLines(10_000, random(2))),
    corpus('c', '50 stack traces of 8 KB', stackTraces(50, random(3))),
  ];
}

/** The largest deliveries: Lambda takes asynchronous events of at most 1 MB, which is this much base64. */
export function largestDeliveries(): readonly Corpus[] {
  return [
    corpus('15 MB', 'lines of one function that differ in a few numbers', similarLines(42_500, random(4))),
    corpus('40 MB', 'the same line again and again', sameLines(48_000, random(5))),
  ];
}

function corpus(name: string, content: string, messages: readonly string[]): Corpus {
  const logEvents: LogEvent[] = messages.map((message, i) => ({
    id: `3871542897${String(4_600_000_000 + i * 37).padStart(18, '0')}0012358132134558914${String(i).padStart(9, '0')}`,
    timestamp: CORPORA_AT + Math.floor(i / 3),
    message,
  }));
  const json = JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/lambda/fun-checkout',
    logStream: '2026/01/15/[$LATEST]0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    subscriptionFilters: ['loki-shipper'],
    logEvents,
  });
  const data = gzipSync(json).toString('base64');
  return { name, content, event: { awslogs: { data } }, lines: messages.length, jsonBytes: Buffer.byteLength(json) };
}

/** Lines of functions that log JSON, with what Lambda says of each invocation. */
export function lambdaLines(count: number, next: Random): string[] {
  const lines: string[] = [];
  while (lines.length < count) {
    const id = uuid(next);
    lines.push(`START RequestId: ${id} Version: $LATEST\n`);
    for (let i = 3 + next(6); i > 0; i--) {
      lines.push(
        `${JSON.stringify({
          timestamp: new Date(CORPORA_AT + next(3_600_000)).toISOString(),
          level: pick(next, ['info', 'info', 'info', 'debug', 'warn']),
          requestId: id,
          message: `${pick(next, VERBS)} ${pick(next, NOUNS)} ${next(100_000)} for customer ${next(10_000)}`,
          service: 'checkout',
          basket: uuid(next),
          amount: `${next(500)}.${10 + next(90)} EUR`,
          items: next(12),
          durationMs: next(900),
        })}\n`,
      );
    }
    const ms = `${next(900)}.${10 + next(90)}`;
    lines.push(`END RequestId: ${id}\n`);
    lines.push(
      `REPORT RequestId: ${id}\tDuration: ${ms} ms\tBilled Duration: ${next(900)} ms\tMemory Size: 256 MB\tMax Memory Used: ${90 + next(99)} MB\t\n`,
    );
  }
  return lines.slice(0, count);
}

function similarLines(count: number, next: Random): string[] {
  return Array.from({ length: count }, () => {
    const message = `${pick(next, VERBS)} ${pick(next, NOUNS)} of basket ${next(500)}`;
    return `${JSON.stringify({ level: 'info', message, service: 'checkout', location: 'eu-central-1', durationMs: next(50), cold: false, sut: 'orders', stage: 'production', function: 'fun-checkout', team: 'payments' })}\n`;
  });
}

function sameLines(count: number, next: Random): string[] {
  return Array.from({ length: count }, () => `${'GET /health 200 '.repeat(45)}${next(10)}\n`);
}

function accessLines(count: number, next: Random): string[] {
  return Array.from({ length: count }, () => {
    const address = `10.${next(4)}.${next(256)}.${next(256)}`;
    const time = `15/Jan/2026:08:${10 + next(50)}:${10 + next(50)} +0000`;
    const path = `/${pick(next, NOUNS)}/${next(10_000)}`;
    return `${address} - - [${time}] "GET ${path} HTTP/1.1" ${pick(next, ['200', '200', '304', '404'])} ${next(50_000)} "-" "Mozilla/5.0 (X11)"`;
  });
}

function stackTraces(count: number, next: Random): string[] {
  return Array.from({ length: count }, () => {
    const frames = Array.from(
      { length: 95 },
      () =>
        `    at ${pick(next, VERBS)}${pick(next, NOUNS)} (/var/task/node_modules/@example/${pick(next, NOUNS)}/dist/${pick(next, VERBS)}.js:${next(900)}:${next(80)})`,
    );
    return `Error: "${pick(next, NOUNS)}" ${next(1_000_000)} cannot be ${pick(next, VERBS)}\n${frames.join('\n')}\n`;
  });
}

const VERBS = ['create', 'reserve', 'charge', 'refund', 'ship', 'cancel', 'validate', 'load', 'store', 'resolve'];
const NOUNS = ['order', 'invoice', 'basket', 'payment', 'customer', 'parcel', 'voucher', 'address', 'price', 'stock'];

/** A whole number from 0 to below `limit`. */
type Random = (limit: number) => number;

/** Marsaglia's xorshift: the same numbers for the same seed. */
export function random(seed: number): Random {
  let state = seed * 0x9e3779b1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function pick(next: Random, from: readonly string[]): string {
  return from[next(from.length)] ?? '';
}

function uuid(next: Random): string {
  const hex = Array.from({ length: 4 }, () =>
    next(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

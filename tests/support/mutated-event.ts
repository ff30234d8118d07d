import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

/** Numbers from 0 to below 1, the same for the same seed: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An event that is a delivery, but for what was done to it. */
export interface MutatedEvent {
  readonly event: unknown;
  /** What was done, in order. */
  readonly mutations: readonly string[];
}

/** Makes deliveries and damages each on its way from an object to the event that Lambda hands over, or leaves it whole. */
export class Mutator {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = mulberry32(seed);
  }

  next(): MutatedEvent {
    const stages = { object: OBJECT, text: TEXT, bytes: BYTES, gzip: GZIP, base64: BASE64, event: EVENT };
    // Damage in an early stage gets deeper into the decoder, and that of gzip makes it slow.
    const early = ['object', 'object', 'object', 'text', 'text', 'text', 'bytes'] as const;
    const late = ['gzip', 'base64', 'event'] as const;
    const chosen = Array.from({ length: this.below(3) }, () => this.pick(this.below(6) === 0 ? late : early));
    const mutations: string[] = [];
    const mutated = <T>(stage: keyof typeof stages, value: T, all: Mutations<T>): T => {
      let result = value;
      for (const _ of chosen.filter((name) => name === stage)) {
        const name = this.pick(Object.keys(all));
        mutations.push(`${stage}: ${name}`);
        result = all[name]?.(result, this) ?? result;
      }
      return result;
    };
    const object = mutated('object', this.#delivery(), OBJECT);
    const text = mutated('text', JSON.stringify(object, null, this.below(8) === 0 ? 1 : 0), TEXT);
    const bytes = mutated('bytes', Buffer.from(text), BYTES);
    const gzip = mutated('gzip', gzipSync(bytes, { level: 1, memLevel: 1, windowBits: 9 }), GZIP);
    const data = mutated('base64', gzip.toString('base64'), BASE64);
    return { event: mutated<unknown>('event', { awslogs: { data } }, EVENT), mutations };
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** A value of any type that JSON has. */
  junk(): unknown {
    return this.pick<() => unknown>([
      () => null,
      () => this.pick([true, false]),
      () => this.pick([0, -0, -1, 1.5, 1e308, 2 ** 53, 253_402_300_799_999, 253_402_300_800_000, Date.now()]),
      () => this.line(),
      () => [],
      () => ({}),
      () => [this.junk()],
      () => ({ [this.pick(KEYS)]: this.junk() }),
    ])();
  }

  line(): string {
    return `${this.pick(LINES)}${this.below(1000)}${this.pick(LINES)}`;
  }

  #delivery(): Json {
    return {
      messageType: this.below(20) === 0 ? 'CONTROL_MESSAGE' : 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/aws/lambda/fun-checkout',
      logStream: '2026/01/15/[$LATEST]0f1e',
      subscriptionFilters: ['loki-shipper'],
      logEvents: Array.from({ length: this.below(9) }, (_, i) => ({
        id: `38715428974600000000${i}`,
        timestamp: 1_768_464_000_000 + i,
        message: this.line(),
      })),
    };
  }
}

type Json = Record<string, unknown>;
type Mutations<T> = Readonly<Record<string, (value: T, mutator: Mutator) => T>>;

/** Among them what the decoder looks for, so that it may take it for what it is not. */
const LINES = [
  '',
  'order paid ',
  '{"level":"info","amount":1}\n',
  '},{"id":"',
  '"logEvents":[',
  '\\"},{"id":"',
  ']}',
  '\ud800',
  '\udc00x',
  '😀ü\u0000\u2028',
  'x'.repeat(100),
];
const KEYS = ['owner', 'logGroup', 'logStream', 'messageType', 'logEvents', 'id', 'timestamp', '__proto__', 'toString'];

const OBJECT: Mutations<Json> = {
  'wrong type': (delivery, m) => set(delivery, m.pick(Object.keys(delivery)), m.junk()),
  'missing field': (delivery, m) => without(delivery, m.pick(Object.keys(delivery))),
  'extra field': (delivery, m) => set(delivery, m.pick([...KEYS, 'policyLevel']), m.junk()),
  'fields in another order': (delivery, m) => shuffled(delivery, m),
  'wrong type in an event': (delivery, m) =>
    inEvent(delivery, m, (event) => set(event, m.pick(Object.keys(event)), m.junk())),
  'missing field of an event': (delivery, m) => inEvent(delivery, m, (event) => without(event, m.pick(KEYS))),
  'extra field of an event': (delivery, m) =>
    inEvent(delivery, m, (event) => set(event, m.pick(['extractedFields', ...KEYS]), m.junk())),
  'fields of an event in another order': (delivery, m) => inEvent(delivery, m, (event) => shuffled(event, m)),
  'something else than an event': (delivery, m) =>
    Array.isArray(delivery.logEvents) ? { ...delivery, logEvents: [...delivery.logEvents, m.junk()] } : delivery,
};

const TEXT: Mutations<string> = {
  'a key twice, in the end': (text, m) => `${text.trimEnd().slice(0, -1)},${duplicate(m)}}`,
  'a key twice, in the beginning': (text, m) => `{${duplicate(m)},${text.slice(1)}`,
  'deep nesting': (text, m) => {
    const depth = m.pick([10, 500, 5_000]);
    const [open, close] = m.pick([
      ['[', ']'],
      ['{"id":', '}'],
    ] as const);
    return `${text.slice(0, -1)},"x":${open.repeat(depth)}1${close.repeat(depth)}}`;
  },
  'a huge number': (text, m) =>
    text.replace(/\d{13}/, m.pick(['1e999', '-1e999', '9'.repeat(400), '01', '+1', '1E12', '0.1e13', '-0', 'NaN'])),
  'escaped letters': (text, m) =>
    text.replaceAll(m.pick(['l', 'i', 'o', '1']), (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  'cut off': (text, m) => text.slice(0, m.below(text.length)),
  spaces: (text, m) => text.replaceAll(m.pick(['{', '[', ':', ',', '}']), (c) => ` ${c}\t\n`),
  'a part twice': (text, m) => {
    const [from, to] = [m.below(text.length), m.below(text.length)].sort((a, b) => a - b) as [number, number];
    return text.slice(0, to) + text.slice(from);
  },
  'a part missing': (text, m) => {
    const [from, to] = [m.below(text.length), m.below(text.length)].sort((a, b) => a - b) as [number, number];
    return text.slice(0, from) + text.slice(to);
  },
  'a character that JSON uses': (text, m) => {
    const at = m.below(text.length);
    return text.slice(0, at) + m.pick(['"', '\\', '{', '}', '[', ']', ',', ':', '\ufeff', '\0']) + text.slice(at);
  },
  'an end of events where there is none': (text, m) => {
    const at = m.below(text.length);
    return `${text.slice(0, at)}},{"id":"${text.slice(at)}`;
  },
  'another value': (_, m) =>
    m.pick(['', 'null', '1', '"x"', '[]', '{}', 'undefined', '[{"messageType":"DATA_MESSAGE"}]']),
};

const BYTES: Mutations<Buffer> = {
  'a changed byte': changedByte,
  'bytes that are no UTF-8': (bytes, m) => {
    const at = m.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc3, 0xe2, 0x82]), bytes.subarray(at)]);
  },
  // Far below the limit, or the test would take minutes; still ten times what it is otherwise.
  'much of nothing': (bytes, m) => Buffer.concat([bytes, Buffer.alloc(m.pick([1, 10_000]), ' ')]),
};

const GZIP: Mutations<Buffer> = {
  'a changed byte': changedByte,
  'cut off': (gzip, m) => gzip.subarray(0, m.below(gzip.length)),
  'something after it': (gzip, m) => Buffer.concat([gzip, Buffer.alloc(m.below(20), m.below(256))]),
  'gzip after it': (gzip, m) => Buffer.concat([gzip, gzipSync(m.pick([' ', '', '}', 'x']))]),
  'a false length': (gzip, m) => {
    const copy = Buffer.from(gzip);
    if (copy.length >= 4) copy.writeUInt32LE(m.pick([0, 1, 2 ** 20, 2 ** 32 - 1]), copy.length - 4);
    return copy;
  },
  'another format': (gzip, m) => m.pick([deflateSync(gzip), deflateRawSync(gzip), gzipSync(gzip), Buffer.alloc(0)]),
};

const BASE64: Mutations<string> = {
  'a changed character': (data, m) => {
    const at = m.below(data.length);
    return (
      data.slice(0, at) + m.pick(['A', '/', '+', '=', '-', '_', ' ', '\n', 'ä', '\u0141', '']) + data.slice(at + 1)
    );
  },
  'cut off': (data, m) => data.slice(0, m.below(data.length)),
  'without padding': (data) => data.replace(/=+$/, ''),
  'more padding': (data) => `${data}=`,
};

const EVENT: Mutations<unknown> = {
  'something else': (_, m) => m.junk(),
  'other data': (_, m) => ({ awslogs: { data: m.junk() } }),
  'other awslogs': (_, m) => ({ awslogs: m.junk() }),
};

function changedByte(bytes: Buffer, m: Mutator): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[m.below(copy.length)] = m.below(256);
  return copy;
}

function duplicate(m: Mutator): string {
  const key = m.pick(['"logEvents"', '"\\u006cogEvents"', '"owner"', '"\\u006fwner"', '"messageType"', '"id"']);
  return `${key}:${m.pick(['[]', '"x"', '[{"id":"9","timestamp":1,"message":"late"}]', '"DATA_MESSAGE"', 'null'])}`;
}

function inEvent(delivery: Json, m: Mutator, change: (event: Json) => Json): Json {
  const { logEvents } = delivery;
  if (!Array.isArray(logEvents)) return delivery;
  const at = m.below(logEvents.length);
  return { ...delivery, logEvents: logEvents.map((event, i) => (i === at ? change({ ...event }) : event)) };
}

/** Unlike an assignment, also for `__proto__`. */
function set(object: Json, key: string | undefined, value: unknown): Json {
  return key === undefined ? object : Object.fromEntries([...Object.entries(object), [key, value]]);
}

function without(object: Json, key: string | undefined): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function shuffled(object: Json, m: Mutator): Json {
  return Object.fromEntries(
    Object.entries(object)
      .map((entry) => ({ entry, key: m.below(1_000) }))
      .sort((a, b) => a.key - b.key)
      .map(({ entry }) => entry),
  );
}

import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { DeliveryTooLarge, decode, InvalidDelivery, type LogEvent } from '../../function/delivery/decode.ts';
import { isObject } from '../../function/json.ts';
import { failure } from '../function/failure.ts';
import { Mutator } from '../support/mutated-event.ts';

const EVENTS = 50_000;
const SEED = Number(process.env.FUZZ_SEED) || Math.floor(Math.random() * 2 ** 31);

const MEGABYTE = 1024 * 1024;
/** More than the decoder unpacks, which is 64 MB. */
const BOMB_BYTES = 65 * MEGABYTE;

type Read = { owner: string; logGroup: string; logStream: string; logEvents: unknown[] };
/** At once, and in parts of different sizes, as a large delivery. */
const WAYS: readonly (readonly [partsAbove?: number, partBytes?: number])[] = [[], [], [], [], [0, 150], [0, 500]];

async function read(event: unknown, way: (typeof WAYS)[number]): Promise<Read | undefined> {
  const delivery = await decode(event, ...way);
  if (!delivery) return undefined;
  const { batches, ...origin } = delivery;
  const logEvents: LogEvent[] = [];
  for await (const batch of batches) logEvents.push(...batch);
  return { ...origin, logEvents };
}

/** What the decoder is compared with: base64, gunzip and JSON.parse, as Node has them, and what a delivery must be. */
function readPlainly(event: unknown): Read | undefined | 'refused' {
  const awslogs = isObject(event) ? event.awslogs : undefined;
  const data = isObject(awslogs) ? awslogs.data : undefined;
  if (typeof data !== 'string' || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return 'refused';
  let delivery: unknown;
  try {
    delivery = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());
  } catch {
    return 'refused';
  }
  if (!isObject(delivery)) return 'refused';
  const { messageType, owner, logGroup, logStream, logEvents } = delivery;
  if (messageType === 'CONTROL_MESSAGE') return undefined;
  if (messageType !== 'DATA_MESSAGE' || !Array.isArray(logEvents) || !logEvents.every(isLogEvent)) return 'refused';
  if (typeof owner !== 'string' || typeof logGroup !== 'string' || typeof logStream !== 'string') return 'refused';
  return { owner, logGroup, logStream, logEvents };
}

function isLogEvent(event: unknown): boolean {
  if (!isObject(event)) return false;
  const { id, timestamp, message } = event;
  const isTime = typeof timestamp === 'number' && Number.isInteger(timestamp) && timestamp >= 0;
  return typeof id === 'string' && isTime && timestamp < Date.UTC(10_000, 0) && typeof message === 'string';
}

/** Whether a field that the decoder reads comes more than once in the JSON, by whatever spelling. */
function hasFieldTwice(event: unknown): boolean {
  const { data } = Object(Object(event).awslogs);
  const json = gunzipSync(Buffer.from(String(data), 'base64')).toString();
  const spelled = json.replace(/\\u00([2-7][0-9a-f])/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return ['messageType', 'owner', 'logGroup', 'logStream', 'logEvents'].some(
    (field) => [...spelled.matchAll(new RegExp(`"${field}"\\s*:`, 'g'))].length > 1,
  );
}

/** @returns what the decoder did: `accepted`, or the name of its error */
async function compare(event: unknown, way: (typeof WAYS)[number]): Promise<string> {
  const plain = readPlainly(event);
  try {
    const accepted = await read(event, way);
    // Chai's own comparison takes most of the time, so it only words what differs.
    if (!isDeepStrictEqual(accepted, plain)) expect(accepted).to.deep.equal(plain);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof InvalidDelivery)) throw error;
    // Of a field that comes twice the parser takes the last. In parts, the first has been looked at by then.
    if (plain !== 'refused' && !hasFieldTwice(event)) throw error;
    return error.name;
  }
}

describe('Decoding a delivery that is damaged', function () {
  this.timeout(600_000);

  it(`accepts of ${EVENTS} events what plain parsing accepts, and fails with its own errors (seed ${SEED})`, async () => {
    const mutator = new Mutator(SEED);
    const outcomes = new Map<string, number>();
    const before = process.memoryUsage().rss;
    let slowestMs = 0;
    let mostBytes = 0;
    for (let i = 0; i < EVENTS; i++) {
      const { event, mutations } = mutator.next();
      const way = mutator.pick(WAYS);
      const start = performance.now();
      const outcome = await compare(event, way).catch((error: unknown) => {
        throw new Error(`seed ${SEED}, event ${i} (${mutations.join(', ')}), read by ${JSON.stringify(way)}: ${error}`);
      });
      slowestMs = Math.max(slowestMs, performance.now() - start);
      if (i % 500 === 0) mostBytes = Math.max(mostBytes, process.memoryUsage().rss - before);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    // Otherwise most of it would be about the same few lines of the decoder.
    expect(outcomes.get('accepted')).to.be.within(EVENTS / 5, (EVENTS * 4) / 5);
    expect([...outcomes.keys()]).to.include.members([
      ...['NoDeliveryData', 'BadBase64', 'BadGzip', 'BadJson', 'MissingField', 'WrongType', 'LateField'],
    ]);
    expect(slowestMs).to.be.below(10_000);
    expect(mostBytes).to.be.below(300 * MEGABYTE);
  });

  it('refuses a gzip bomb, in whatever way it is read, in bounded time and memory', async () => {
    const head = '{"messageType":"DATA_MESSAGE","owner":"","logGroup":"","logStream":"","logEvents":[';
    const line = '{"id":"1","timestamp":1,"message":"x"}';
    const bombs = [
      Buffer.alloc(BOMB_BYTES, ' '),
      Buffer.concat([Buffer.from(head), Buffer.alloc(BOMB_BYTES, ' ')]),
      Buffer.concat([Buffer.from(head), Buffer.alloc(BOMB_BYTES, `${line},`)]),
      Buffer.concat([Buffer.from(`${head}${line},{"id":"2","timestamp":1,"message":"`), Buffer.alloc(BOMB_BYTES, 'x')]),
    ];
    for (const bomb of bombs) {
      const event = { awslogs: { data: gzipSync(bomb, { level: 1 }).toString('base64') } };
      for (const way of [[], [Number.POSITIVE_INFINITY]] as const) {
        const before = process.memoryUsage().rss;
        const cpu = process.cpuUsage();
        expect(await failure(read(event, way))).to.be.instanceOf(DeliveryTooLarge);
        const { user, system } = process.cpuUsage(cpu);
        expect(user + system).to.be.below(10_000_000); // Microseconds, whatever else the machine does.
        expect(process.memoryUsage().rss - before).to.be.below(6 * BOMB_BYTES);
      }
    }
  });
});

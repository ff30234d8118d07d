import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  BadBase64,
  BadGzip,
  BadJson,
  DeliveryTooLarge,
  decode,
  InvalidDelivery,
  LateField,
  MissingField,
  NoDeliveryData,
  WrongType,
} from '../../../function/delivery/decode.ts';
import { failure } from '../failure.ts';
import { anyText } from './text.ts';

/** What must not appear in a message of ours. */
const SECRET = 'content of a log line';

const EVENT = { id: '1', timestamp: 1_700_000_000_000, message: SECRET };
const DELIVERY = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/lambda/fun-checkout',
  logStream: '2026/01/15/[$LATEST]0f1e',
  subscriptionFilters: ['loki-shipper'],
  logEvents: [EVENT, EVENT, EVENT, EVENT],
};

function event(data: unknown): unknown {
  return { awslogs: { data } };
}

function packed(text: string): string {
  return gzipSync(text).toString('base64');
}

function pack(content: unknown): unknown {
  return event(packed(JSON.stringify(content)));
}

/** In which ways a delivery is read: at once, and in parts of different sizes, as a large one. */
const WAYS: readonly (readonly [partsAbove?: number, partBytes?: number])[] = [[], [0, 64], [0, 350]];

/** What a delivery holds, in the way in which it is read. */
async function read(event: unknown, way: (typeof WAYS)[number] = []) {
  const delivery = await decode(event, ...way);
  if (!delivery) return undefined;
  const { batches, ...origin } = delivery;
  const logEvents = [];
  for await (const batch of batches) logEvents.push(...batch);
  return { ...origin, logEvents };
}

/** Asserts that an event fails with an error of this class, and that its message gives away no content. */
async function expectFailure(event: unknown, kind: new (...args: never[]) => InvalidDelivery, message: string) {
  for (const way of WAYS) {
    const error = await failure(read(event, way));
    expect(error).to.be.instanceOf(kind).and.to.include({ name: kind.name });
    expect(error.message).to.include(message);
    expect(`${error.message}${error.stack}`).not.to.include(SECRET);
  }
}

describe('Decoding a delivery', function () {
  this.timeout(20_000);

  it('gives the log group, the log stream, the account and the events', async () => {
    const { owner, logGroup, logStream, logEvents } = DELIVERY;
    for (const way of WAYS)
      expect(await read(pack(DELIVERY), way)).to.deep.equal({ owner, logGroup, logStream, logEvents });
  });

  it('gives any text as it is', async () => {
    const logEvent = fc.record({
      id: anyText(60),
      timestamp: fc.nat({ max: Date.UTC(10_000, 0) - 1 }),
      message: anyText(500),
    });
    const delivery = fc.record({
      owner: anyText(12),
      logGroup: anyText(100),
      logStream: anyText(100),
      logEvents: fc.array(logEvent, { maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(delivery, async (delivery) => {
        for (const way of WAYS)
          expect(await read(pack({ messageType: 'DATA_MESSAGE', ...delivery }), way)).to.deep.equal(delivery);
      }),
    );
  });

  it('reads a large delivery in parts of about the size of a push', async () => {
    const logEvents = Array.from({ length: 50_000 }, (_, i) => ({ ...EVENT, id: `${i}`, message: 'x'.repeat(100) }));
    const delivery = await decode(pack({ ...DELIVERY, logEvents, policyLevel: 'ACCOUNT_LEVEL_POLICY' }));
    const sizes: number[] = [];
    let next = 0;
    for await (const batch of delivery?.batches ?? []) {
      expect(batch).to.deep.equal(logEvents.slice(next, next + batch.length));
      next += batch.length;
      sizes.push(JSON.stringify(batch).length);
    }
    expect(next).to.equal(50_000);
    expect(Math.max(...sizes)).to.be.below(2.5 * 1024 * 1024);
    expect(sizes.length).to.be.above(3);
  });

  it('reads a large delivery whose fields are in another order, with spaces, or with more fields', async () => {
    const { logEvents, ...origin } = DELIVERY;
    const { subscriptionFilters: _, messageType: __, ...wanted } = { ...origin, logEvents };
    const turned = {
      ...DELIVERY,
      logEvents: logEvents.map(({ id, timestamp, message }) => ({ message, timestamp, id })),
    };
    const nested = {
      ...DELIVERY,
      logEvents: logEvents.map((event) => ({ ...event, x: [{ a: 1 }, { id: '1', b: 2 }] })),
    };
    for (const way of WAYS) {
      expect(await read(pack({ logEvents, ...origin }), way)).to.deep.equal(wanted);
      expect(await read(event(packed(JSON.stringify(DELIVERY, null, 2))), way)).to.deep.equal(wanted);
      expect(await read(pack(turned), way)).to.deep.equal(wanted);
      expect(await read(pack(nested), way)).to.deep.equal({ ...wanted, logEvents: nested.logEvents });
      expect(await read(pack({ ...DELIVERY, later: 1 }), way)).to.deep.equal(wanted);
    }
  });

  it('is not misled by lines that look like what is between two events', async () => {
    const logEvents = ['},{"id":"', '"},{"id":"', '\\"},{"id":"', '"logEvents":[', '\\', '},{'].map((message, i) => ({
      ...EVENT,
      id: `${i}`,
      message,
    }));
    for (const way of WAYS)
      expect((await read(pack({ ...DELIVERY, logEvents }), way))?.logEvents).to.deep.equal(logEvents);
  });

  it('refuses a large delivery that has a field again after its events', async () => {
    const json = JSON.stringify(DELIVERY).slice(0, -1);
    for (const late of ['"owner":"x"', '"logGroup":"x"', '"logEvents":[]', '"logEvents" : []'])
      expect(await failure(read(event(packed(`${json},${late}}`)), [0, 350]))).to.be.instanceOf(LateField);
  });

  it('takes a delivery without events', async () => {
    for (const way of WAYS)
      expect((await read(pack({ ...DELIVERY, logEvents: [] }), way))?.logEvents).to.deep.equal([]);
  });

  it('gives nothing for a CONTROL_MESSAGE', async () => {
    const logEvents = [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health of destination.' }];
    const control = pack({ ...DELIVERY, messageType: 'CONTROL_MESSAGE', logEvents });
    for (const way of WAYS) expect(await read(control, way)).to.equal(undefined);
  });

  it('ignores fields that it does not know', async () => {
    const logEvents = [{ ...EVENT, extractedFields: { '@aws.region': 'eu-central-1' }, later: null }];
    expect((await read(pack({ ...DELIVERY, later: { a: 1 }, logEvents })))?.logStream).to.equal(DELIVERY.logStream);
  });

  it('refuses an event that has no awslogs.data', async () => {
    for (const other of [undefined, null, 'text', 7, [], {}, { awslogs: null }, { awslogs: {} }, event(7), event(null)])
      await expectFailure(other, NoDeliveryData, 'The event has no awslogs.data');
  });

  it('refuses what is not strict base64', async () => {
    const data = packed(JSON.stringify({ ...DELIVERY, owner: 'ab' }));
    for (const bad of [
      `${data}\n`,
      ` ${data}`,
      `${data}=`,
      `${data}A`,
      `${data}====`,
      `-${data.slice(1)}`,
      `_${data.slice(1)}`,
      `${data.slice(0, 40)}=${data.slice(41)}`,
      `${data.slice(0, 40)}*${data.slice(41)}`,
      `${data.slice(0, 40)}\u0141${data.slice(41)}`, // 'A' in its lower byte
      'A',
      'AA=',
      'AAA',
    ])
      await expectFailure(event(bad), BadBase64, 'awslogs.data is not valid base64.');
  });

  it('refuses what is not gzip', async () => {
    const gzip = gzipSync(JSON.stringify(DELIVERY));
    const corrupt = Buffer.from(gzip);
    corrupt.fill(0xff, 30, 40);
    for (const bad of [
      Buffer.from(SECRET),
      deflateRawSync(JSON.stringify(DELIVERY)),
      gzip.subarray(0, 12),
      gzip.subarray(0, -1),
      gzip.subarray(0, -9),
      corrupt,
      Buffer.alloc(0),
      Buffer.alloc(3),
    ])
      await expectFailure(event(bad.toString('base64')), BadGzip, 'awslogs.data is not valid gzip (Z_');
  });

  it('refuses what unpacks to more than 64 MiB, and says so for a length that lies as well', async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024), { level: 1 });
    await expectFailure(
      event(bomb.toString('base64')),
      DeliveryTooLarge,
      'awslogs.data unpacks to more than 67108864 bytes',
    );
    bomb.writeUInt32LE(10, bomb.length - 4);
    await expectFailure(
      event(bomb.toString('base64')),
      DeliveryTooLarge,
      'awslogs.data unpacks to more than 67108864 bytes',
    );
  });

  it('refuses a wrong length at the end, large or small', async () => {
    for (const length of [0, 1, 0xffffffff]) {
      const gzip = gzipSync(JSON.stringify(DELIVERY));
      gzip.writeUInt32LE(length, gzip.length - 4);
      await expectFailure(event(gzip.toString('base64')), BadGzip, 'Z_DATA_ERROR');
    }
  });

  it('refuses what is not JSON', async () => {
    for (const bad of ['', SECRET, JSON.stringify(DELIVERY).slice(0, -1), `{"messageType": ${SECRET}}`])
      await expectFailure(event(packed(bad)), BadJson, 'what is inside is not valid JSON');
  });

  it('refuses JSON that is no object', async () => {
    for (const bad of [null, 7, SECRET])
      await expectFailure(pack(bad), WrongType, 'The JSON in the delivery must be an object.');
    await expectFailure(pack([DELIVERY]), MissingField, 'messageType is missing in the delivery.');
  });

  it('refuses a message type that it does not know', async () => {
    await expectFailure(
      pack({ ...DELIVERY, messageType: SECRET }),
      WrongType,
      'must be DATA_MESSAGE or CONTROL_MESSAGE.',
    );
  });

  for (const field of ['messageType', 'owner', 'logGroup', 'logStream', 'logEvents'])
    it(`names ${field} when it is missing or of a wrong type`, async () => {
      await expectFailure(
        pack({ ...DELIVERY, [field]: undefined }),
        MissingField,
        `${field} is missing in the delivery.`,
      );
      for (const bad of [null, 7, true, { a: SECRET }])
        await expectFailure(pack({ ...DELIVERY, [field]: bad }), WrongType, `${field} in the delivery must be `);
    });

  for (const field of ['id', 'timestamp', 'message'])
    it(`names the ${field} of an event when it is missing or of a wrong type`, async () => {
      const delivery = (event: unknown) => pack({ ...DELIVERY, logEvents: [EVENT, EVENT, EVENT, event] });
      const where = `logEvents[3].${field}`;
      await expectFailure(
        delivery({ ...EVENT, [field]: undefined }),
        MissingField,
        `${where} is missing in the delivery.`,
      );
      for (const bad of [null, -1, 1.5, Date.UTC(10_000, 0), true, [SECRET], { a: SECRET }])
        await expectFailure(delivery({ ...EVENT, [field]: bad }), WrongType, `${where} in the delivery must be `);
      for (const bad of [null, 7, SECRET])
        await expectFailure(delivery(bad), WrongType, 'logEvents[3] in the delivery must be an object.');
    });

  it('refuses a timestamp that is text', async () => {
    const logEvents = [{ ...EVENT, timestamp: '1700000000000' }];
    await expectFailure(
      pack({ ...DELIVERY, logEvents }),
      WrongType,
      'logEvents[0].timestamp in the delivery must be milli',
    );
  });

  it('either decodes or says what is wrong, whatever it is given', async () => {
    const data = packed(JSON.stringify(DELIVERY));
    const changed = fc
      .tuple(fc.nat(data.length - 1), fc.nat(8), fc.string({ maxLength: 8 }))
      .map(([at, length, text]) => event(data.slice(0, at) + text + data.slice(at + length)));
    const content = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...Object.keys(DELIVERY)), fc.jsonValue()),
      fc.jsonValue().map((value) => ({ ...DELIVERY, logEvents: [EVENT, value] })),
    );
    const json = content.map((value) => event(packed(JSON.stringify(value, withBigInts) ?? '')));
    const any = fc.oneof(fc.anything(), fc.anything().map(event), fc.base64String().map(event), changed, json);
    await fc.assert(
      fc.asyncProperty(any, fc.constantFrom(...WAYS), async (event, way) => {
        try {
          const delivery = await read(event, way);
          if (delivery) expect(delivery).to.have.all.keys('owner', 'logGroup', 'logStream', 'logEvents');
        } catch (error) {
          expect(error).to.be.instanceOf(InvalidDelivery);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** JSON has no way to write a BigInt, which generated values may hold. */
function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

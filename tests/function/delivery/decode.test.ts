import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  BadBase64,
  BadGzip,
  BadJson,
  type Delivery,
  DeliveryTooLarge,
  decode,
  InvalidDelivery,
  MissingField,
  NoDeliveryData,
  WrongType,
} from '../../../function/delivery/decode.ts';
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

/** Asserts that an event fails with an error of this class, and that its message gives away no content. */
function expectFailure(event: unknown, kind: new (...args: never[]) => InvalidDelivery, message: string): void {
  expect(() => decode(event))
    .to.throw(kind, message)
    .that.satisfies((error: Error) => error.name === kind.name && !`${error.message}${error.stack}`.includes(SECRET));
}

describe('Decoding a delivery', function () {
  this.timeout(20_000);

  it('gives the log group, the log stream, the account and the events', () => {
    const { owner, logGroup, logStream, logEvents } = DELIVERY;
    expect(decode(pack(DELIVERY))).to.deep.equal({ owner, logGroup, logStream, logEvents });
  });

  it('gives any text as it is', () => {
    const logEvent = fc.record({ id: anyText(60), timestamp: fc.maxSafeNat(), message: anyText(500) });
    const delivery: fc.Arbitrary<Delivery> = fc.record({
      owner: anyText(12),
      logGroup: anyText(100),
      logStream: anyText(100),
      logEvents: fc.array(logEvent, { maxLength: 30 }),
    });
    fc.assert(
      fc.property(delivery, (delivery) => {
        expect(decode(pack({ messageType: 'DATA_MESSAGE', ...delivery }))).to.deep.equal(delivery);
      }),
    );
  });

  it('takes a delivery without events', () => {
    expect(decode(pack({ ...DELIVERY, logEvents: [] }))?.logEvents).to.deep.equal([]);
  });

  it('gives nothing for a CONTROL_MESSAGE', () => {
    const logEvents = [{ id: '', timestamp: 0, message: 'CWL CONTROL MESSAGE: Checking health of destination.' }];
    expect(decode(pack({ ...DELIVERY, messageType: 'CONTROL_MESSAGE', logEvents }))).to.equal(undefined);
  });

  it('ignores fields that it does not know', () => {
    const logEvents = [{ ...EVENT, extractedFields: { '@aws.region': 'eu-central-1' }, later: null }];
    expect(decode(pack({ ...DELIVERY, later: { a: 1 }, logEvents }))?.logStream).to.equal(DELIVERY.logStream);
  });

  it('refuses an event that has no awslogs.data', () => {
    for (const other of [undefined, null, 'text', 7, [], {}, { awslogs: null }, { awslogs: {} }, event(7), event(null)])
      expectFailure(other, NoDeliveryData, 'The event has no awslogs.data');
  });

  it('refuses what is not strict base64', () => {
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
      expectFailure(event(bad), BadBase64, 'awslogs.data is not valid base64.');
  });

  it('refuses what is not gzip', () => {
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
      expectFailure(event(bad.toString('base64')), BadGzip, 'awslogs.data is not valid gzip (Z_');
  });

  it('refuses what unpacks to more than 64 MiB, and says so for a length that lies as well', () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024), { level: 1 });
    expectFailure(event(bomb.toString('base64')), DeliveryTooLarge, 'awslogs.data unpacks to more than 67108864 bytes');
    bomb.writeUInt32LE(10, bomb.length - 4);
    expectFailure(event(bomb.toString('base64')), DeliveryTooLarge, 'awslogs.data unpacks to more than 67108864 bytes');
  });

  it('refuses a wrong length at the end, large or small', () => {
    for (const length of [0, 1, 0xffffffff]) {
      const gzip = gzipSync(JSON.stringify(DELIVERY));
      gzip.writeUInt32LE(length, gzip.length - 4);
      expectFailure(event(gzip.toString('base64')), BadGzip, 'Z_DATA_ERROR');
    }
  });

  it('refuses what is not JSON', () => {
    for (const bad of ['', SECRET, JSON.stringify(DELIVERY).slice(0, -1), `{"messageType": ${SECRET}}`])
      expectFailure(event(packed(bad)), BadJson, 'what is inside is not valid JSON');
  });

  it('refuses JSON that is no object', () => {
    for (const bad of [null, 7, SECRET])
      expectFailure(pack(bad), WrongType, 'The JSON in the delivery must be an object.');
    expectFailure(pack([DELIVERY]), MissingField, 'messageType is missing in the delivery.');
  });

  it('refuses a message type that it does not know', () => {
    expectFailure(pack({ ...DELIVERY, messageType: SECRET }), WrongType, 'must be DATA_MESSAGE or CONTROL_MESSAGE.');
  });

  for (const field of ['messageType', 'owner', 'logGroup', 'logStream', 'logEvents'])
    it(`names ${field} when it is missing or of a wrong type`, () => {
      expectFailure(pack({ ...DELIVERY, [field]: undefined }), MissingField, `${field} is missing in the delivery.`);
      for (const bad of [null, 7, true, { a: SECRET }])
        expectFailure(pack({ ...DELIVERY, [field]: bad }), WrongType, `${field} in the delivery must be `);
    });

  for (const field of ['id', 'timestamp', 'message'])
    it(`names the ${field} of an event when it is missing or of a wrong type`, () => {
      const delivery = (event: unknown) => pack({ ...DELIVERY, logEvents: [EVENT, EVENT, EVENT, event] });
      const where = `logEvents[3].${field}`;
      expectFailure(delivery({ ...EVENT, [field]: undefined }), MissingField, `${where} is missing in the delivery.`);
      for (const bad of [null, -1, 1.5, 2 ** 53, true, [SECRET], { a: SECRET }])
        expectFailure(delivery({ ...EVENT, [field]: bad }), WrongType, `${where} in the delivery must be `);
      for (const bad of [null, 7, SECRET])
        expectFailure(delivery(bad), WrongType, 'logEvents[3] in the delivery must be an object.');
    });

  it('refuses a timestamp that is text', () => {
    const logEvents = [{ ...EVENT, timestamp: '1700000000000' }];
    expectFailure(pack({ ...DELIVERY, logEvents }), WrongType, 'logEvents[0].timestamp in the delivery must be milli');
  });

  it('either decodes or says what is wrong, whatever it is given', () => {
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
    fc.assert(
      fc.property(any, (event) => {
        try {
          const delivery = decode(event);
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

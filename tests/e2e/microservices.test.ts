import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Aws } from '../../tools/local/aws.ts';
import { findLoki } from '../../tools/local/find-loki.ts';
import type { Loki } from '../../tools/local/loki.ts';
import { type LokiCluster, startLokiCluster } from '../../tools/local/loki-cluster.ts';
import { startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { deliveryOf } from './aws.ts';
import { promiseLines } from './line-promises.ts';
import { shippingOn } from './shipping.ts';

const BUCKET = 'chunks-of-loki';
const GROUPS = 5;
/** Of each delivery. */
const LINES = 20;
/** Deliveries that are under way at a time. */
const CALLERS = 4;

const groupOf = (delivery: number) => `/aws/lambda/fun-numbered-${delivery % GROUPS}`;
const lineOf = (delivery: number, i: number) => `delivery ${delivery}, line ${i}`;

describe('loki-shipper on a Loki of many processes, end to end', function () {
  this.timeout(300_000);
  let program: string;
  let cluster: LokiCluster;
  /** Deliveries so far. */
  let delivered = 0;

  const shipping = shippingOn(() =>
    startStack(console.error, {
      loki: async (folder, aws) => {
        program = await findLoki(console.error);
        const { endpoint } = await bucketOn(aws);
        cluster = await startLokiCluster(program, folder, { endpoint, bucket: BUCKET });
        return cluster;
      },
    }),
  );

  const deliverOne = async () => expect(await shipping.ship(numbered(delivered++))).to.equal(undefined);

  /** Ships numbered lines; what is to happen on the way does so when a third of the deliveries has come. */
  async function deliver(count: number, onTheWay: () => Promise<void> = async () => {}): Promise<void> {
    const start = performance.now();
    const end = delivered + count;
    const third = delivered + Math.floor(count / 3);
    let slowest = 0;
    const happening: Promise<void>[] = [];
    const call = async () => {
      while (delivered < end) {
        if (delivered === third) happening.push(onTheWay());
        const sent = performance.now();
        await deliverOne();
        slowest = Math.max(slowest, performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    await Promise.all(happening);
    const seconds = (performance.now() - start) / 1_000;
    console.log(
      `      ${count} deliveries, ${count * LINES} lines in ${seconds.toFixed(1)} s, the slowest ${slowest.toFixed(0)} ms`,
    );
  }

  /** Every line that was shipped is there, and none of them twice. */
  async function expectAllOnce(loki: Loki): Promise<void> {
    for (let group = 0; group < GROUPS; group++) {
      const deliveries = Array.from({ length: delivered }, (_, d) => d).filter((d) => d % GROUPS === group);
      const lines = deliveries.flatMap((d) => Array.from({ length: LINES }, (_, i) => lineOf(d, i)));
      const shown = async () => (await loki.query(`{log_group="${groupOf(group)}"}`)).map(({ line }) => line);
      const found = await eventually(`the lines of ${groupOf(group)}`, async () => {
        const now = await shown();
        return now.length >= lines.length && now;
      });
      expect([...found].sort()).to.deep.equal(lines.sort());
    }
  }

  promiseLines(shipping);

  it('loses no line and shows none twice when an ingester dies in the middle of a stream of deliveries', async () => {
    const refused = await cluster.discarded();
    await deliver(300, () => cluster.killIngester(1));
    await expectAllOnce(cluster);
    await eventually('the ring without it', async () => (await cluster.activeIngesters()) === 2);
    await deliver(100);
    await expectAllOnce(cluster);
    expect(await cluster.discarded()).to.deep.equal(refused);
  });

  it('has the ingester back with what it had, so that another may die', async () => {
    await cluster.startIngester(1);
    await eventually('the ring with it', async () => (await cluster.activeIngesters()) === 3);
    // A hundred deliveries had come when it died, less those that were under way.
    const recovered = await cluster.counterOf(1, 'loki_ingester_wal_recovered_entries_total');
    expect(recovered).to.be.above(90 * LINES);
    // The distributor tries to reach it again by and by.
    await eventually('a line in it', async () => {
      await deliverOne();
      return (await cluster.counterOf(1, 'loki_ingester_wal_records_logged_total')) > 0;
    });
    await deliver(300, () => cluster.killIngester(2));
    await expectAllOnce(cluster);
    console.log(`      ${recovered} lines were in the write-ahead log of the one that came back`);
    await cluster.startIngester(2);
    await eventually('the whole ring', async () => (await cluster.activeIngesters()) === 3);
  });

  it('shows each line once when all processes were killed at once, and started again', async () => {
    await cluster.kill();
    await cluster.restart();
    await expectAllOnce(cluster);
    await deliver(100);
    await expectAllOnce(cluster);
  });

  it('leaves all lines in the bucket, where another Loki with the same schema finds them', async () => {
    await cluster.retire();
    const { Contents = [] } = await shipping.aws.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const keys = Contents.map(({ Key = '' }) => Key);
    const chunks = keys.filter((key) => key.startsWith('fake/'));
    const index = keys.filter((key) => key.startsWith('index/'));
    const bytes = Contents.reduce((sum, { Size = 0 }) => sum + Size, 0);
    console.log(`      ${chunks.length} chunks and ${index.length} files of the index, ${bytes} bytes`);
    expect(index).not.to.be.empty;

    const { folder, endpoint } = shipping.stack;
    const other = await startLokiCluster(program, `${folder}/other`, { endpoint, bucket: BUCKET });
    try {
      await expectAllOnce(other);
    } finally {
      await other.stop();
    }
  });
});

async function bucketOn(starting: Promise<Aws>): Promise<Aws> {
  const aws = await starting;
  await new S3Client({ ...aws.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
  return aws;
}

/** A delivery of lines whose numbers no other has. */
function numbered(delivery: number) {
  const timestamp = Date.now();
  const logEvents = Array.from({ length: LINES }, (_, i) => ({
    id: `38${String(delivery).padStart(48, '0')}${String(i).padStart(6, '0')}`,
    timestamp,
    message: lineOf(delivery, i),
  }));
  return deliveryOf(groupOf(delivery), logEvents);
}

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { encodeCatalogue } from '../function/labels/catalogue.ts';
import { ENVIRONMENT } from '../tests/support/environment.ts';
import { median } from './median.ts';

export interface CatalogueCost {
  readonly groups: number;
  /** Bytes of the catalogue. */
  readonly bytes: number;
  /** From the import of the shipper to the push of a delivery of one line, in a fresh process. */
  readonly starts: Readonly<Record<Start, Cost>>;
}

export interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
  /** CPU, as a ratio to a start with a look-up by the SDK: median over the rounds. */
  readonly ratio: number;
}

/** Where the tags come from. */
const STARTS = ['large', 'small', 'lookUp'] as const;
export type Start = (typeof STARTS)[number];

const GROUPS = 10_000;
const ROUNDS = 25;
const GROUP = '/aws/lambda/fun-7777';
const PLACE = { account: '123456789012', region: 'eu-central-1' };

const PROBE = `
  import { readFileSync } from 'node:fs';
  const event = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const before = process.cpuUsage();
  const start = performance.now();
  const { handler } = await import(process.argv[1]);
  await handler(event, {
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper',
    getRemainingTimeInMillis: () => 60_000,
  });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000 }));
  process.exit();
`;

/** The tags that the pipeline of the original put on each log group. */
export function tagsOf(i: number): Record<string, string> {
  return {
    owner: `team-${i % 97}`,
    location: 'eu-central-1',
    sut: `orders-${i % 13}`,
    name: `fun-${i}`,
    stage: 'production',
  };
}

export function catalogueOf(groups: number): Buffer {
  return encodeCatalogue({
    ...PLACE,
    groups: new Map(Array.from({ length: groups }, (_, i) => [`/aws/lambda/fun-${i}`, tagsOf(i)])),
  });
}

/**
 * What a cold start costs with a catalogue, large or of one group, and with a look-up of the tags by the SDK instead: the
 * real handler in fresh processes that take turns, with a server of the bench for S3, CloudWatch Logs and Loki.
 */
export async function measureCatalogue(shipper: URL): Promise<CatalogueCost> {
  const large = catalogueOf(GROUPS);
  const small = encodeCatalogue({ ...PLACE, groups: new Map([[GROUP, { owner: 'team-7' }]]) });
  const objects = new Map([
    ['/large/registry/catalogue.ndjson.gz', large],
    ['/small/registry/catalogue.ndjson.gz', small],
  ]);
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const object = objects.get(request.url ?? '');
      if (request.url === '/loki/api/v1/push') response.writeHead(204).end();
      else if (object) response.writeHead(200, { etag: '"x"', 'content-length': object.length }).end(object);
      else if (request.method === 'GET') response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      else response.end(JSON.stringify({ tags: { owner: 'team-7' } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const event = writeDelivery();
  try {
    const rounds: Record<Start, Probe>[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const round: Partial<Record<Start, Probe>> = {};
      for (const start of STARTS) round[start] = await probe(shipper, event, url, start);
      rounds.push(round as Record<Start, Probe>);
    }
    const cost = (start: Start): Cost => ({
      ms: median(rounds.map((round) => round[start].ms)),
      cpuMs: median(rounds.map((round) => round[start].cpuMs)),
      ratio: median(rounds.map((round) => round[start].cpuMs / round.lookUp.cpuMs)),
    });
    const starts = { large: cost('large'), small: cost('small'), lookUp: cost('lookUp') };
    return { groups: GROUPS, bytes: large.length, starts };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

interface Probe {
  readonly ms: number;
  readonly cpuMs: number;
}

async function probe(shipper: URL, event: string, url: string, bucket: Start): Promise<Probe> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', PROBE, shipper.href, event],
    {
      env: {
        ...ENVIRONMENT,
        LOKI_URL: url,
        LABEL_POLICY: JSON.stringify({ from_tags: ['owner'], static: {}, refresh_seconds: 300 }),
        BUCKET: bucket,
        AWS_ENDPOINT_URL: url,
        AWS_REGION: PLACE.region,
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
      },
    },
  );
  const [result = '', record = ''] = stdout.trimEnd().split('\n').reverse();
  if (!record.includes('"EntriesStored":1') || record.includes('catalogue')) throw new Error(`Not shipped: ${stdout}`);
  return JSON.parse(result);
}

/** @returns the file of an event with one line */
function writeDelivery(): string {
  const origin = { messageType: 'DATA_MESSAGE', owner: PLACE.account, logGroup: GROUP, logStream: 's' };
  const delivery = { ...origin, logEvents: [{ id: '1', timestamp: Date.now(), message: 'a line' }] };
  const file = '.build/bench/line.json';
  writeFileSync(file, JSON.stringify({ awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } }));
  return file;
}

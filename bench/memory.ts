import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { ENVIRONMENT } from '../tests/support/environment.ts';
import { catalogueOf } from './catalogue.ts';
import type { Corpus } from './corpora.ts';

export interface Memory {
  readonly delivery: string;
  readonly content: string;
  readonly eventBytes: number;
  readonly jsonBytes: number;
  /** Peak of the process in MB, at the smallest size of Lambda's memory in which it fits. */
  readonly peakMb: number;
  /** That size, in MB. */
  readonly lambdaMb: number;
}

const SIZES = [128, 192, 256, 320, 384, 512, 768, 1024];
/** When garbage is collected differs from run to run: the highest peak counts. */
const RUNS = 3;
/** Left to what else lives in a function: Lambda's runtime client. */
const HEADROOM = 0.9;

const PROBE = `
  import { existsSync, readFileSync } from 'node:fs';
  const { handler } = await import(process.argv[1]);
  const event = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  await handler(event, {
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper',
    getRemainingTimeInMillis: () => 60_000,
  });
  // On Linux, what getrusage says begins with the size of the process that started this one.
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  console.log(status.match(/VmHWM:\\s*(\\d+)/)?.[1] ?? process.resourceUsage().maxRSS);
  process.exit();
`;

/**
 * Peak memory of the real handler in a fresh process for one delivery: it reads a catalogue of 10,000 log groups, which
 * lacks this one, its tags with the SDK, and pushes, all of it to a server of the bench.
 */
export async function measureMemory(shipper: URL, corpora: readonly Corpus[]): Promise<Memory[]> {
  const catalogue = catalogueOf(10_000);
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/loki/api/v1/push') response.writeHead(204).end();
      else if (request.method === 'GET') response.end(catalogue);
      else response.end(JSON.stringify({ tags: { owner: 'checkout', sut: 'orders', location: 'eu-central-1' } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const results: Memory[] = [];
    for (const corpus of corpora) results.push(await smallestSize(shipper, corpus, url));
    return results;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function smallestSize(shipper: URL, { name, content, event, jsonBytes }: Corpus, url: string): Promise<Memory> {
  const text = JSON.stringify(event);
  const file = '.build/bench/event.json';
  writeFileSync(file, text);
  for (const lambdaMb of SIZES) {
    let peakMb = 0;
    for (let run = 0; run < RUNS; run++) peakMb = Math.max(peakMb, await peak(shipper, file, url, lambdaMb));
    if (peakMb <= lambdaMb * HEADROOM)
      return { delivery: name, content, eventBytes: text.length, jsonBytes, peakMb, lambdaMb };
  }
  throw new Error(`The delivery "${name}" needs more than ${SIZES.at(-1)} MB.`);
}

/** Options of Node for the heap that Lambda gives it: 90 % of the function's memory for old objects, 5 % for new. */
export function heapOf(lambdaMb: number): readonly string[] {
  return [`--max-old-space-size=${Math.floor(lambdaMb * 0.9)}`, `--max-semi-space-size=${Math.floor(lambdaMb * 0.05)}`];
}

/** In MB; infinite when the process runs out of memory. */
async function peak(shipper: URL, event: string, url: string, lambdaMb: number): Promise<number> {
  const run = promisify(execFile)(
    process.execPath,
    [...heapOf(lambdaMb), '--input-type=module', '--eval', PROBE, shipper.href, event],
    {
      env: {
        LOKI_URL: url,
        ...ENVIRONMENT,
        // The lines of the corpora are of a fixed day.
        LINE_RULES: JSON.stringify({ ...JSON.parse(ENVIRONMENT.LINE_RULES), max_age_hours: 0 }),
        LABEL_POLICY: JSON.stringify({ from_tags: ['owner'], static: { env: 'prod' }, refresh_seconds: 300 }),
        AWS_ENDPOINT_URL: url,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
      },
    },
  );
  try {
    // The first line is the record of the invocation.
    return Number((await run).stdout.trimEnd().split('\n').at(-1)) / 1024;
  } catch (error) {
    if (error instanceof Error && error.message.includes('heap out of memory')) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

// What the registrar costs with very many log groups: its real code and the real SDK clients against the local stack, which
// keeps AWS's quotas. Only what it waits between calls is virtual.
import { parseArgs } from 'node:util';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Pool } from '../function/delivery/pool.ts';
import { CATALOGUE_KEY } from '../function/labels/catalogue.ts';
import { windowOf } from '../function/registry/perform.ts';
import { reconcile } from '../function/registry/reconcile.ts';
import { SELECTION_KEY } from '../function/registry/selection.ts';
import { STATE_KEY } from '../function/registry/state.ts';
import { SELECTION } from '../tests/support/registry-scene.ts';
import { timedAccount } from '../tests/support/timed-account.ts';
import { VirtualClock } from '../tests/support/virtual-clock.ts';
import { REGION } from '../tools/local/account.ts';
import { startAws } from '../tools/local/aws.ts';
import { removeFolder, runFolder } from '../tools/local/folders.ts';
import type { Call } from '../tools/local/gateway.ts';
import { findMinistack } from '../tools/local/ministack.ts';
import { tagsOf } from './catalogue.ts';
import { handled } from './handled.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { groups: { type: 'string', default: '10000' } },
});
const COUNT = Number(values.groups);
const BUCKET = 'registry';
const MINUTE = 60_000;
/** Of the schedule. */
const INTERVAL_MS = 5 * MINUTE;
const INVOCATION_MS = 15 * MINUTE;
const IDLE_RUNS = 3;
/** Of the registrar. */
const LAMBDA_MB = 256;
/** Calls of an idle run with 10,000 log groups, at the most. */
const AIM = 110;

/** Yesterday's, so that the run in real time finds nothing of the future. */
const clock = new VirtualClock(Date.now() - 24 * 60 * MINUTE, Math.random);
const account = timedAccount(BUCKET, clock);
const progress = (text: string) => process.stderr.write(`${text} …\n`);
const n = (value: number, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });

const folder = runFolder();
const aws = await startAws({ ministack: await findMinistack(progress) }, folder, clock.now);
const { calls } = aws.gateway;
try {
  // What the function has, and where its SDK clients find the local stack.
  Object.assign(process.env, {
    BUCKET,
    SHIPPER_FUNCTION: 'loki-shipper-shipper',
    SHIPPER_TIMEOUT: '60',
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: aws.client.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.client.credentials.secretAccessKey,
  });
  const started = performance.now();
  await create();
  const endQuotas = aws.gateway.keepQuotas();
  const { runs, minutes, converging } = await converge();
  const idle: string[] = [];
  while (idle.length < IDLE_RUNS) idle.push(await idleRun());
  endQuotas();
  progress('An idle run of the bundled handler, in real time');
  const { seconds, peakMb } = await handled(LAMBDA_MB);

  console.log(`
${n(COUNT)} log groups, AWS's quotas kept in virtual time
  computed         ${n(COUNT / 5 / 60, 1)} minutes at the 5 filters a second that AWS allows, ${n(COUNT / 4 / 60 / 0.8, 1)} at our 4 in 4 of 5 minutes
  converged        ${n(minutes, 1)} minutes, ${runs} runs of the schedule
  calls            ${tableOf(converging)}
  of them refused  ${n(converging.filter(({ status }) => status >= 400 && status !== 404).length)}
${idle.map((text) => `  an idle run      ${text}`).join('\n')}
  aim              at the most ${AIM} calls of an idle run with 10,000 log groups
  catalogue        ${n(await sizeOf(CATALOGUE_KEY))} bytes
  state            ${n(await sizeOf(STATE_KEY))} bytes
  handler, idle    ${n(seconds)} s of real time, peak ${n(peakMb)} MB of ${LAMBDA_MB} MB
  this bench       ${n((performance.now() - started) / 1000)} s of real time, peak ${n(process.resourceUsage().maxRSS / 1024)} MB with the gateway`);
} finally {
  await aws.stop();
  removeFolder(folder);
}

async function create(): Promise<void> {
  progress(`Creating ${n(COUNT)} log groups`);
  await new S3Client({ ...aws.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
  const selection = { ...SELECTION, prefixes: ['/aws/lambda/'], max_log_groups: COUNT };
  const type = { contentType: 'application/json' };
  await account.objects.put(SELECTION_KEY, Buffer.from(JSON.stringify(selection)), type);
  const logs = new CloudWatchLogsClient(aws.client);
  const pool = new Pool(8);
  for (let i = 0; i < COUNT; i++)
    await pool.start(async () => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/fun-${i}`, tags: tagsOf(i) }));
    });
  await pool.finish();
}

/** Runs of the schedule, until one leaves nothing to do. */
async function converge() {
  await nextTime();
  calls.length = 0;
  const start = clock.now();
  for (let runs = 1; ; runs++) {
    const { remaining } = await run();
    progress(`Run ${runs}: ${n(remaining)} of ${n(COUNT)} remain`);
    if (remaining === 0) return { runs, minutes: (clock.now() - start) / MINUTE, converging: calls.splice(0) };
    await nextTime();
  }
}

/** @returns what it took, in words */
async function idleRun(): Promise<string> {
  await nextTime();
  const start = clock.now();
  const { groups, subscribed, remaining } = await run();
  if (groups !== COUNT || subscribed.length + remaining > 0) throw new Error('This run was to be idle.');
  return `${n((clock.now() - start) / 1000)} s, ${tableOf(calls.splice(0))}`;
}

/** @throws when it could not work */
async function run() {
  const end = clock.now() + INVOCATION_MS;
  const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => end - clock.now() };
  const answer = await reconcile(windowOf(account, context, false));
  if (!answer.ok || answer.skipped) throw new Error(answer.error ?? answer.skipped ?? '');
  return answer;
}

/** Waits for the schedule. */
function nextTime(): Promise<void> {
  return clock.delay(INTERVAL_MS - (clock.now() % INTERVAL_MS));
}

async function sizeOf(key: string): Promise<number> {
  return (await account.objects.get(key))?.length ?? 0;
}

/** How many calls there are, in all and of each kind. Those to S3 have no name but their method. */
function tableOf(made: readonly Call[]): string {
  const counts = new Map<string, number>();
  for (const { service, action } of made) {
    const name = service === 's3' ? `S3 ${action.split(' ')[0]}` : action;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return `${n(made.length)} calls: ${Array.from(counts, ([name, count]) => `${name} ${n(count)}`).join(', ')}`;
}

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  ListTagsForResourceCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { windowOf } from '../../function/registry/perform.ts';
import { reconcile } from '../../function/registry/reconcile.ts';
import { SELECTION_KEY } from '../../function/registry/selection.ts';
import { REGION } from '../../tools/local/account.ts';
import { type Aws, startAws } from '../../tools/local/aws.ts';
import type { Failure } from '../../tools/local/faults.ts';
import { removeFolder, runFolder } from '../../tools/local/folders.ts';
import { findMinistack } from '../../tools/local/ministack.ts';
import { SHIPPER } from '../support/fake-account.ts';
import { orSkip } from '../support/parts.ts';
import { NAME, SELECTION } from '../support/registry-scene.ts';
import { timedAccount } from '../support/timed-account.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { logGroupArn } from './aws.ts';

const BUCKET = 'registry';
const MINUTE = 60_000;
const THEIRS = `${SHIPPER}-of-others`;
/** A run that was killed is found by its lease, which ends after 16 minutes. */
const MOST_RUNS = 8;

/** Each with whether all calls after it fail as well, as those of a process that was killed. */
const FAULTS: Readonly<Record<string, { readonly failure: Failure; readonly killed?: true }>> = {
  throttled: { failure: { status: 400, code: 'ThrottlingException' } },
  denied: { failure: { status: 400, code: 'AccessDeniedException' } },
  'not done, without an answer': { failure: { cut: 'before' } },
  'done, and its answer lost': { failure: { cut: 'after' } },
  'and all after it not done, as if the run was killed': { failure: { cut: 'before' }, killed: true },
};

/** Real SDK clients and S3's real conditions; what the registrar waits is virtual. */
describe('A registrar whose calls fail on the local stack', function () {
  this.timeout(900_000);
  const clock = new VirtualClock(Date.now() - 24 * 60 * MINUTE, Math.random);
  const account = timedAccount(BUCKET, clock);
  let folder: string;
  let aws: Aws;
  let logs: CloudWatchLogsClient;
  const environment = { ...process.env };
  let round = 0;

  before(async function () {
    folder = runFolder();
    aws = await orSkip(this, async () =>
      startAws({ ministack: await findMinistack(console.error) }, folder, clock.now),
    );
    logs = new CloudWatchLogsClient(aws.client);
    const { accessKeyId, secretAccessKey } = aws.client.credentials;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
    await new S3Client({ ...aws.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
    await begin();
    await settle();
  });

  after(async () => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    await aws?.stop();
    removeFolder(folder);
  });

  const nameOf = (group: string, of = round) => `/round-${of}/${group}`;

  /** Another prefix is selected: groups of the one before leave, and new ones come. */
  async function begin(): Promise<void> {
    round++;
    for (const group of ['plain', 'shared', 'taken'])
      await logs.send(new CreateLogGroupCommand({ logGroupName: nameOf(group), tags: { billing: 'theirs' } }));
    await putTheirs('shared', 'theirs');
    await putTheirs('taken', NAME);
    const selection = { ...SELECTION, prefixes: [nameOf('')], log_group_tags: { owner: 'platform' } };
    const type = { contentType: 'application/json' };
    await account.objects.put(SELECTION_KEY, Buffer.from(JSON.stringify(selection)), type);
  }

  async function putTheirs(group: string, filterName: string): Promise<void> {
    const filter = { logGroupName: nameOf(group), filterName, filterPattern: 'x', destinationArn: THEIRS };
    await logs.send(new PutSubscriptionFilterCommand(filter));
  }

  async function run() {
    await clock.delay(5 * MINUTE);
    const end = clock.now() + 15 * MINUTE;
    const context = { awsRequestId: crypto.randomUUID(), getRemainingTimeInMillis: () => end - clock.now() };
    return reconcile(windowOf(account, context, false));
  }

  /** @returns how many runs it took until one left nothing to do */
  async function settle(): Promise<number> {
    for (let runs = 1; runs <= MOST_RUNS; runs++) {
      const { ok, skipped, remaining } = await run();
      if (ok && !skipped && remaining === 0) return runs;
    }
    throw new Error(`Not settled after ${MOST_RUNS} runs.`);
  }

  async function expectWanted(): Promise<void> {
    const [ours, theirs] = [`${NAME} ${SHIPPER}`, `theirs ${THEIRS}`];
    const tags = { billing: 'theirs' };
    for (const [group, filters] of Object.entries({ plain: [], shared: [theirs], taken: [`${NAME} ${THEIRS}`] })) {
      expect(await seen(nameOf(group, round - 1)), `${group} of before`).to.deep.equal({ filters, tags });
      const isOurs = group !== 'taken';
      const now = await seen(nameOf(group));
      expect(now.filters, group).to.have.members(isOurs ? [ours, ...filters] : filters);
      if (isOurs) expect(now.tags, group).to.deep.equal({ ...tags, owner: 'platform' });
    }
  }

  async function seen(logGroupName: string) {
    const { subscriptionFilters = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    const command = new ListTagsForResourceCommand({ resourceArn: logGroupArn(logGroupName) });
    const { tags } = await logs.send(command);
    return { filters: subscriptionFilters.map((filter) => `${filter.filterName} ${filter.destinationArn}`), tags };
  }

  /** What was left alone for a round is of no use any more. */
  async function end(): Promise<void> {
    for (const group of ['plain', 'shared', 'taken'])
      await logs.send(new DeleteLogGroupCommand({ logGroupName: nameOf(group, round - 1) }));
  }

  async function callsOfARun(): Promise<number> {
    await begin();
    const before = aws.gateway.calls.length;
    expect(await run()).to.include({ ok: true, remaining: 0 });
    const calls = aws.gateway.calls.length - before;
    await expectWanted();
    await end();
    return calls;
  }

  for (const [what, { failure, killed }] of Object.entries(FAULTS))
    it(`has what is wanted after its next runs, and leaves alone what belongs to others: each call ${what}`, async () => {
      const calls = await callsOfARun();
      let most = 0;
      for (let k = 1; k <= calls; k++) {
        await begin();
        const mend = killed ? aws.gateway.failFrom(k, failure) : aws.gateway.failNth(k, failure);
        await run();
        mend();
        try {
          most = Math.max(most, await settle());
          await expectWanted();
        } catch (error) {
          throw new Error(`With call ${k} of ${calls} ${what}: ${error}`, { cause: error });
        }
        await end();
      }
      console.log(`        ${calls} calls, each ${what} once: as wanted after at most ${most} more runs`);
    });
});

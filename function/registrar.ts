import type { Context } from 'aws-lambda';
import { parseArn } from './aws/arn.ts';
import { lambdaInvoke } from './aws/invoke.ts';
import { logGroupTags } from './aws/log-group.ts';
import { logGroups } from './aws/log-groups.ts';
import { s3Objects } from './aws/objects.ts';
import { subscriptionFilters } from './aws/subscription-filters.ts';
import { taggedGroups } from './aws/tagged-groups.ts';
import { LokiShipperError } from './errors.ts';
import type { Account } from './registry/account.ts';
import { hasAction, parseAction } from './registry/action.ts';
import type { Attachment, Reconciliation, StatusPage } from './registry/answers.ts';
import { createdGroup, subscribeNew } from './registry/born.ts';
import { loadRegistrarConfig } from './registry/config.ts';
import { perform, windowOf } from './registry/perform.ts';
import { type Outcome, register } from './registry/register.ts';
import { type ReplayPage, replayPage } from './registry/replay.ts';
import { parseReplayRequest } from './registry/replay-request.ts';
import { parseRequest } from './registry/request.ts';

/** A run of the schedule, which the next one repeats. */
class RunFailed extends LokiShipperError {
  override readonly name = 'RunFailed';
}

/** Of a call: Terraform makes ten invocations at once, which AWS slows down to five writes a second. */
const ATTEMPTS = 7;

export type Answer = Outcome | ReplayPage | Reconciliation | Attachment | StatusPage;

/**
 * Sees to log groups: for Terraform, which calls it when something is created, changed or removed; for the schedule and for
 * events of new groups; for the command line, which also has objects of the bucket replayed by it.
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const created = createdGroup(event);
  if (created !== undefined) return subscribeNew(created, windowOf(accountOf(context), context, true));
  if (!hasAction(event))
    return register(
      parseRequest(event),
      logGroupTags(context.invokedFunctionArn, ATTEMPTS),
      parseArn(context.invokedFunctionArn).region,
    );
  if (event.action === 'replay') return replay(event, context);
  const asked = parseAction(event);
  const answer = await perform(asked, () => accountOf(context), context);
  if (!('error' in answer) || answer.error === null) return answer;
  // Of the schedule's runs, nobody reads the answer: an alarm hears of them.
  if (asked.action === 'reconcile' && !asked.byTerraform) throw new RunFailed(answer.error);
  console.error(answer.error);
  return answer;
}

function replay(event: unknown, context: Context): Promise<ReplayPage> {
  const request = parseReplayRequest(event);
  const { bucket, ...config } = loadRegistrarConfig(process.env);
  const { region } = parseArn(context.invokedFunctionArn);
  return replayPage(request, {
    ...config,
    objects: s3Objects(bucket, region),
    invoke: lambdaInvoke({ region }),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}

/** @throws InvalidRegistrarConfig */
function accountOf({ invokedFunctionArn }: Context): Account {
  const { bucket, shipper } = loadRegistrarConfig(process.env);
  const { partition, region, account } = parseArn(invokedFunctionArn);
  return {
    account,
    region,
    shipper: `arn:${partition}:lambda:${region}:${account}:function:${shipper}`,
    objects: s3Objects(bucket, region),
    groups: logGroups(region),
    filters: subscriptionFilters(region),
    tags: logGroupTags(invokedFunctionArn, 1),
    taggedGroups: taggedGroups(region),
    clock: {
      now: Date.now,
      delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
    },
  };
}

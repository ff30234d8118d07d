import type { Context } from 'aws-lambda';
import { parseArn } from './aws/arn.ts';
import { lambdaInvoke } from './aws/invoke.ts';
import { logGroupTags } from './aws/log-group.ts';
import { s3Objects } from './aws/objects.ts';
import { loadRegistrarConfig } from './registry/config.ts';
import { type Outcome, register } from './registry/register.ts';
import { type ReplayPage, replayPage } from './registry/replay.ts';
import { isAction, parseReplayRequest } from './registry/replay-request.ts';
import { parseRequest } from './registry/request.ts';

/** Of a call: Terraform makes ten invocations at once, which AWS slows down to five writes a second. */
const ATTEMPTS = 7;

/**
 * Writes the metadata of a log group as its tags, called by Terraform when the metadata is created, changed or removed;
 * or has objects of the bucket replayed, called by the command line.
 */
export async function handler(event: unknown, context: Context): Promise<Outcome | ReplayPage> {
  const { region } = parseArn(context.invokedFunctionArn);
  if (!isAction(event))
    return register(parseRequest(event), logGroupTags(context.invokedFunctionArn, ATTEMPTS), region);
  const request = parseReplayRequest(event);
  const { bucket, ...config } = loadRegistrarConfig(process.env);
  return replayPage(request, {
    ...config,
    objects: s3Objects(bucket, region),
    invoke: lambdaInvoke({ region }),
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}

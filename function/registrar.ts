import type { Context } from 'aws-lambda';
import { parseArn } from './aws/arn.ts';
import { logGroupTags } from './aws/log-group.ts';
import { type Outcome, register } from './registry/register.ts';
import { parseRequest } from './registry/request.ts';

/** Of a call: Terraform makes ten invocations at once, which AWS slows down to five writes a second. */
const ATTEMPTS = 7;

/** Writes the metadata of a log group as its tags; called by Terraform when the metadata is created, changed or removed. */
export async function handler(event: unknown, { invokedFunctionArn }: Context): Promise<Outcome> {
  return register(parseRequest(event), logGroupTags(invokedFunctionArn, ATTEMPTS), parseArn(invokedFunctionArn).region);
}

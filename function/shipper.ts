import type { Context } from 'aws-lambda';
import { parseArn } from './aws/arn.ts';
import { nameOf } from './aws/aws-error.ts';
import { logGroupTags } from './aws/log-group.ts';
import { readSecret } from './aws/secret.ts';
import { loadConfig } from './config.ts';
import { lokiHeaders } from './credentials.ts';
import { decode } from './delivery/decode.ts';
import { createPusher } from './delivery/push.ts';
import { TagCache } from './labels/tag-cache.ts';
import { type ShipProps, ship, TagsUnavailable } from './ship.ts';

/** Of a look-up of tags: all of them, with their waits, fit into the shortest timeout that the module allows, 10 s. */
const TAG_ATTEMPTS = 4;

/** Kept for the error to be thrown and reported before Lambda ends the invocation. */
const RESERVE_MS = 1_000;

let container: Omit<ShipProps, 'deadline'> | undefined;

/** Takes a delivery of a CloudWatch Logs subscription filter. It fails when a line of it is not in Loki. */
export async function handler(event: unknown, context: Context): Promise<void> {
  const delivery = decode(event);
  if (!delivery) return;
  container ??= prepare(context.invokedFunctionArn);
  await ship(delivery, { ...container, deadline: Date.now() + context.getRemainingTimeInMillis() - RESERVE_MS });
}

/** What the invocations of a container share: settings, tags that were read, connections to Loki. */
function prepare(functionArn: string): Omit<ShipProps, 'deadline'> {
  const { lokiUrl, labels, secrets } = loadConfig(process.env);
  const groups = logGroupTags(functionArn, TAG_ATTEMPTS);
  const tags = new TagCache({
    refreshSeconds: labels.refreshSeconds,
    read: async (logGroup) => {
      try {
        return (await groups.read(logGroup)) ?? {};
      } catch (error) {
        throw new TagsUnavailable(logGroup, nameOf(error));
      }
    },
  });
  return {
    region: parseArn(functionArn).region,
    labels,
    tagsOf: (logGroup) => tags.tagsOf(logGroup),
    push: createPusher({ url: lokiUrl, headers: lokiHeaders(secrets, readSecret) }),
  };
}

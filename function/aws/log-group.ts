import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { parseArn } from './arn.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The tags of log groups in one account and region. */
export interface LogGroupTags {
  /**
   * @param signal ends it, with its waits
   * @returns undefined when there is no such log group
   */
  read(logGroup: string, signal?: AbortSignal): Promise<Record<string, string> | undefined>;
  write(logGroup: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Does nothing when there is no such log group. */
  remove(logGroup: string, keys: readonly string[]): Promise<void>;
}

/**
 * Reads and writes tags with the SDK, which is loaded at the first call: most invocations make none.
 *
 * @param functionArn of this function: the log groups are in its account and region
 * @param maxAttempts of a call that is throttled or gets no answer. The waits between them are random, from 0 to 0.5, 1,
 *   2, 4 … seconds. AWS allows an account 30 reads and 5 writes a second
 *   (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html).
 */
export function logGroupTags(functionArn: string, maxAttempts: number): LogGroupTags {
  const { partition, region, account } = parseArn(functionArn);
  // Without the `:*` at the end that most actions want: the tagging ones refuse it.
  const arnOf = (logGroup: string) => `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`;
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-cloudwatch-logs'); client: CloudWatchLogsClient }>;
  const load = () => {
    loading ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchLogsClient({ region, maxAttempts, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };

  return {
    async read(logGroup, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.ListTagsForResourceCommand({ resourceArn: arnOf(logGroup) });
      try {
        const { tags } = await client.send(command, abortSignal ? { abortSignal } : {});
        return tags ?? {};
      } catch (error) {
        if (abortSignal?.aborted) throw abortSignal.reason;
        if (error instanceof sdk.ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async write(logGroup, tags) {
      const { sdk, client } = await load();
      await client.send(new sdk.TagResourceCommand({ resourceArn: arnOf(logGroup), tags: { ...tags } }));
    },
    async remove(logGroup, keys) {
      const { sdk, client } = await load();
      try {
        await client.send(new sdk.UntagResourceCommand({ resourceArn: arnOf(logGroup), tagKeys: [...keys] }));
      } catch (error) {
        if (!(error instanceof sdk.ResourceNotFoundException)) throw error;
      }
    },
  };
}

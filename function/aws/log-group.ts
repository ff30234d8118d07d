import { parseArn } from './arn.ts';
import { logsClient } from './logs-client.ts';

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
 * Reads and writes tags with the SDK. AWS allows an account 30 reads and 5 writes a second:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 *
 * @param functionArn of this function: the log groups are in its account and region
 * @param maxAttempts of a call that is throttled or gets no answer
 */
export function logGroupTags(functionArn: string, maxAttempts: number): LogGroupTags {
  const { partition, region, account } = parseArn(functionArn);
  // Without the `:*` at the end that most actions want: the tagging ones refuse it.
  const arnOf = (logGroup: string) => `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`;
  const load = logsClient(region, maxAttempts);

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

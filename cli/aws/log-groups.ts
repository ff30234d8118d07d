import type { CloudWatchLogsClient, CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';
import { CallFailed } from './call-failed.ts';

/** Log groups as their owner sees them. Each call throws CallFailed. */
export interface LogGroups {
  /** Days that each of these keeps its lines; null for ever. One that is not there is left out. */
  retentions(logGroups: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number | null>>;
  /** Writes a line. The log stream is created if need be. @param time milliseconds since 1970 */
  write(line: LineToWrite, signal: AbortSignal): Promise<void>;
}

export interface LineToWrite {
  readonly logGroup: string;
  readonly logStream: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
}

const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
const MAX_IDENTIFIERS = 50;

/** Calls by the SDK, which is loaded at the first one. */
export function logGroups(config: Pick<CloudWatchLogsClientConfig, 'region' | 'profile'>): LogGroups {
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-cloudwatch-logs'); client: CloudWatchLogsClient }>;
  const load = () => {
    loading ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchLogsClient({ ...config, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };
  const failed = (call: string, target: string) => (error: unknown) => {
    const missing = 'there is no such log group: check its name, --region and --profile';
    throw new CallFailed({ call, target, missing }, error);
  };

  return {
    async retentions(names, abortSignal) {
      const { sdk, client } = await load();
      const all = new Map<string, number | null>();
      for (let i = 0; i < names.length; i += MAX_IDENTIFIERS) {
        const some = names.slice(i, i + MAX_IDENTIFIERS);
        const command = new sdk.DescribeLogGroupsCommand({ logGroupIdentifiers: some });
        const { logGroups = [] } = await client
          .send(command, { abortSignal })
          .catch(failed('logs:DescribeLogGroups', 'log groups'));
        for (const { logGroupName = '', retentionInDays = null } of logGroups)
          if (some.includes(logGroupName)) all.set(logGroupName, retentionInDays);
      }
      return all;
    },
    async write({ logGroup, logStream, time, message }, abortSignal) {
      const { sdk, client } = await load();
      const names = { logGroupName: logGroup, logStreamName: logStream };
      await client.send(new sdk.CreateLogStreamCommand(names), { abortSignal }).catch((error: unknown) => {
        if (!(error instanceof sdk.ResourceAlreadyExistsException))
          failed('logs:CreateLogStream', `log group ${logGroup}`)(error);
      });
      const logEvents = [{ timestamp: time, message }];
      await client
        .send(new sdk.PutLogEventsCommand({ ...names, logEvents }), { abortSignal })
        .catch(failed('logs:PutLogEvents', `log group ${logGroup}`));
    },
  };
}

import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { TIMEOUTS } from './timeouts.ts';

/** The SDK of CloudWatch Logs and a client of it, loaded at the first call: most invocations make none. */
export type LogsClient = () => Promise<{
  readonly sdk: typeof import('@aws-sdk/client-cloudwatch-logs');
  readonly client: CloudWatchLogsClient;
}>;

/**
 * @param maxAttempts of a call that is throttled or gets no answer. The waits between them are random, from 0 to 0.5, 1,
 *   2, 4 … seconds.
 */
export function logsClient(region: string, maxAttempts: number): LogsClient {
  let loading: ReturnType<LogsClient> | undefined;
  return () => {
    loading ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchLogsClient({ region, maxAttempts, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };
}

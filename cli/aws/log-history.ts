import type { CloudWatchLogsClient, CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from '../../function/delivery/decode.ts';
import { CallFailed } from './call-failed.ts';

/** A line of a log group, as CloudWatch keeps it. */
export interface HistoryEvent extends LogEvent {
  readonly logStream: string;
}

export interface HistoryQuery {
  readonly logGroup: string;
  /** Milliseconds since 1970, of the lines: from this time on, and before that one. */
  readonly from: number;
  readonly to: number;
  /** Of CloudWatch; empty for all lines. */
  readonly filterPattern: string;
  /** Where the page before this one ended. Default: the first page */
  readonly token?: string;
}

export interface HistoryPage {
  /** By time, the oldest first: CloudWatch sorts by it. Maybe none, though there are more pages. */
  readonly events: readonly HistoryEvent[];
  /** With which it goes on; undefined at the end. AWS takes it for 24 hours. */
  readonly next: string | undefined;
}

export interface SubscriptionFilter {
  readonly destinationArn: string;
  readonly filterPattern: string;
}

/** What log groups hold. Each call is made once, and throws CallFailed. */
export interface LogHistory {
  /** The next lines of a log group: at most 10,000 or 1 MB. */
  page(query: HistoryQuery, signal: AbortSignal): Promise<HistoryPage>;
  filters(logGroup: string, signal: AbortSignal): Promise<readonly SubscriptionFilter[]>;
}

/** CloudWatch looks for lines for seconds before it gives a page. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 60_000, throwOnRequestTimeout: true } as const;

/** Calls by the SDK, which is loaded at the first one. */
export function logHistory(config: Pick<CloudWatchLogsClientConfig, 'region' | 'profile'>): LogHistory {
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-cloudwatch-logs'); client: CloudWatchLogsClient }>;
  const load = () => {
    loading ??= import('@aws-sdk/client-cloudwatch-logs').then((sdk) => ({
      sdk,
      client: new sdk.CloudWatchLogsClient({ ...config, maxAttempts: 1, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };
  const failed = (call: string, logGroup: string) => (error: unknown) => {
    const missing = 'there is no such log group: check its name, --region and --profile';
    throw new CallFailed({ call, target: `log group ${logGroup}`, missing }, error);
  };

  return {
    async page({ logGroup, from, to, filterPattern, token }, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: from,
        endTime: to - 1, // Lines of this millisecond are given too.
        ...(filterPattern && { filterPattern }),
        ...(token && { nextToken: token }),
      });
      const { events = [], nextToken } = await client
        .send(command, { abortSignal })
        .catch(failed('logs:FilterLogEvents', logGroup));
      return {
        events: events.map(({ eventId = '', timestamp = 0, message = '', logStreamName = '' }) => ({
          id: eventId,
          timestamp,
          message,
          logStream: logStreamName,
        })),
        next: nextToken,
      };
    },
    async filters(logGroup, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.DescribeSubscriptionFiltersCommand({ logGroupName: logGroup });
      const { subscriptionFilters = [] } = await client
        .send(command, { abortSignal })
        .catch(failed('logs:DescribeSubscriptionFilters', logGroup));
      return subscriptionFilters.map(({ destinationArn = '', filterPattern = '' }) => ({
        destinationArn,
        filterPattern,
      }));
    },
  };
}

import type { CloudWatchClient, CloudWatchClientConfig, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { CallFailed } from './call-failed.ts';

/** What CloudWatch counted of a log group in an hour. */
export interface LastHour {
  /** Lines that were written to it, and their bytes. */
  readonly lines: number;
  readonly bytes: number;
  /** Lines that were forwarded to the shipper, and those with which that failed. */
  readonly forwarded: number;
  readonly deliveryErrors: number;
  /** The last minute in which lines were forwarded, in milliseconds since 1970; null for none. */
  readonly lastForwardedAt: number | null;
}

export interface MetricsQuery {
  readonly logGroups: readonly string[];
  /** Name of the subscription filters. */
  readonly filter: string;
  /** The end of the hour, in milliseconds since 1970. */
  readonly to: number;
}

/** The figures of log groups, some groups at a time. @throws CallFailed */
export type ReadMetrics = (
  query: MetricsQuery,
  signal: AbortSignal,
) => AsyncIterable<readonly (readonly [logGroup: string, figures: LastHour])[]>;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html */
const OF_GROUP = { lines: 'IncomingLogEvents', bytes: 'IncomingBytes' } as const;
const OF_FILTER = { forwarded: 'ForwardedLogEvents', deliveryErrors: 'DeliveryErrors' } as const;

const NAMESPACE = 'AWS/Logs';
const HOUR_MS = 3_600_000;
/** CloudWatch Logs counts by the minute; then a call for all queries has 30,000 figures, of the 100,800 that it may. */
const PERIOD_SECONDS = 60;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MAX_QUERIES = 500;

const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true } as const;

/** Reads by the SDK, which is loaded at the first call. AWS charges for each metric that is read: four a log group. */
export function logMetrics(config: Pick<CloudWatchClientConfig, 'region' | 'profile'>): ReadMetrics {
  return async function* ({ logGroups, filter, to }, signal) {
    const cloudWatch = await connect(config, signal);
    const destination = await cloudWatch.destinationTypeOf(filter);
    const dimensions = destination === undefined ? undefined : { DestinationType: destination, FilterName: filter };
    const metrics = Object.keys({ ...OF_GROUP, ...(dimensions && OF_FILTER) }).length;
    const atATime = Math.floor(MAX_QUERIES / metrics);
    for (let i = 0; i < logGroups.length; i += atATime) {
      const some = logGroups.slice(i, i + atATime);
      const series = await cloudWatch.series(
        some.flatMap((logGroup, g) => queriesOf(logGroup, `g${g}`, dimensions)),
        to,
      );
      yield some.map((logGroup, g) => [logGroup, figuresOf(series, `g${g}`)] as const);
    }
  };
}

/** Figures by the minute, by id of a query. */
type AllSeries = ReadonlyMap<string, Series>;
type Series = Map<number, number>;

async function connect(config: Pick<CloudWatchClientConfig, 'region' | 'profile'>, abortSignal: AbortSignal) {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const client: CloudWatchClient = new sdk.CloudWatchClient({ ...config, requestHandler: TIMEOUTS });
  const failed = (call: string) => (error: unknown) => {
    throw new CallFailed({ call, target: 'the metrics of log groups', missing: 'there is none' }, error);
  };

  return {
    /** The type of the filter's destination, as CloudWatch names it; undefined when it has forwarded nothing for weeks. */
    async destinationTypeOf(filter: string): Promise<string | undefined> {
      const command = new sdk.ListMetricsCommand({
        Namespace: NAMESPACE,
        Dimensions: [{ Name: 'FilterName', Value: filter }, { Name: 'LogGroupName' }],
      });
      const { Metrics = [] } = await client.send(command, { abortSignal }).catch(failed('cloudwatch:ListMetrics'));
      const types = Metrics.flatMap(({ Dimensions = [] }) =>
        Dimensions.filter(({ Name }) => Name === 'DestinationType'),
      );
      return types[0]?.Value;
    },

    async series(queries: MetricDataQuery[], to: number): Promise<AllSeries> {
      const all = new Map<string, Series>();
      let NextToken: string | undefined;
      do {
        const command = new sdk.GetMetricDataCommand({
          MetricDataQueries: queries,
          StartTime: new Date(to - HOUR_MS),
          EndTime: new Date(to),
          NextToken,
        });
        const page = await client.send(command, { abortSignal }).catch(failed('cloudwatch:GetMetricData'));
        for (const { Id = '', Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
          const series = all.get(Id) ?? new Map();
          for (const [i, time] of Timestamps.entries()) series.set(time.getTime(), Values[i] ?? 0);
          all.set(Id, series);
        }
        NextToken = page.NextToken;
      } while (NextToken);
      return all;
    },
  };
}

function queriesOf(
  logGroup: string,
  id: string,
  ofFilter: Readonly<Record<string, string>> | undefined,
): readonly MetricDataQuery[] {
  const query = (figure: string, metric: string, dimensions: Readonly<Record<string, string>>): MetricDataQuery => ({
    Id: `${id}_${figure}`,
    MetricStat: {
      Metric: {
        Namespace: NAMESPACE,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: 'Sum',
    },
  });
  const ofGroup = { LogGroupName: logGroup };
  return [
    ...Object.entries(OF_GROUP).map(([figure, metric]) => query(figure, metric, ofGroup)),
    ...(ofFilter
      ? Object.entries(OF_FILTER).map(([figure, metric]) => query(figure, metric, { ...ofGroup, ...ofFilter }))
      : []),
  ];
}

function figuresOf(all: AllSeries, id: string): LastHour {
  const series = (figure: string): Series => all.get(`${id}_${figure}`) ?? new Map();
  const sum = (figure: string) => [...series(figure).values()].reduce((total, value) => total + value, 0);
  const forwarding = [...series('forwarded')].filter(([, lines]) => lines > 0).map(([time]) => time);
  return {
    lines: sum('lines'),
    bytes: sum('bytes'),
    forwarded: sum('forwarded'),
    deliveryErrors: sum('deliveryErrors'),
    lastForwardedAt: forwarding.length > 0 ? Math.max(...forwarding) : null,
  };
}

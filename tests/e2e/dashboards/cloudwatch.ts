import {
  CloudWatchClient,
  type Dimension,
  GetMetricDataCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import type { MetricsQuery } from '@grafana/grafana-foundation-sdk/cloudwatch';
import type { Stack } from '../../../tools/local/stack.ts';
import type { Span } from './interpolate.ts';

/** A metric query, its dimensions filled in. */
export type FilledQuery = Pick<MetricsQuery, 'namespace' | 'metricName' | 'statistic'> & {
  readonly functions: readonly string[];
};

/** Moto's CloudWatch, and what stands in for what it lacks. */
export class Metrics {
  readonly #client: CloudWatchClient;

  constructor({ client }: Stack) {
    this.#client = new CloudWatchClient(client);
  }

  /** Stands in for CloudWatch, which makes metrics of records in the embedded metric format: the emulators do not. */
  async extract(record: string): Promise<void> {
    const { _aws, ...fields } = JSON.parse(record);
    const [{ Namespace, Metrics, Dimensions }] = _aws.CloudWatchMetrics;
    const [[dimension]] = Dimensions;
    await this.put(
      Namespace,
      Metrics.map(({ Name, Unit }: { Name: string; Unit: StandardUnit }) => ({
        MetricName: Name,
        Unit,
        Value: fields[Name],
        Timestamp: new Date(_aws.Timestamp),
        Dimensions: [{ Name: dimension, Value: fields[dimension] }],
      })),
    );
  }

  async put(Namespace: string, MetricData: readonly MetricDatum[]): Promise<void> {
    await this.#client.send(new PutMetricDataCommand({ Namespace, MetricData: [...MetricData] }));
  }

  /** The values of a dimension, as a variable asks for them. */
  async dimensionValues(Namespace: string, MetricName: string, dimension: string): Promise<readonly string[]> {
    const { Metrics = [] } = await this.#client.send(new ListMetricsCommand({ Namespace, MetricName }));
    const values = Metrics.flatMap(({ Dimensions = [] }) => Dimensions)
      .filter(({ Name }) => Name === dimension)
      .map(({ Value = '' }) => Value);
    return [...new Set(values)];
  }

  /** What a panel or a rule gets: the values of each function's series. */
  async ask(query: FilledQuery, span: Span): Promise<Readonly<Record<string, readonly number[]>>> {
    const wanted = queryOf(query, span.step);
    const searched = wanted.Expression === undefined ? query.functions : await this.#search(wanted.Expression);
    const series = await Promise.all(
      searched.map(async (name) => [
        name,
        await this.#values(queryOf({ ...query, functions: [name] }, span.step), span),
      ]),
    );
    return Object.fromEntries(series);
  }

  async #values(query: MetricDataQuery, { from, to }: Span): Promise<readonly number[]> {
    const { MetricDataResults = [] } = await this.#client.send(
      new GetMetricDataCommand({ StartTime: new Date(from), EndTime: new Date(to), MetricDataQueries: [query] }),
    );
    return MetricDataResults[0]?.Values ?? [];
  }

  /** Stands in for SEARCH, which moto does not know: reads the expression strictly. @returns functions whose metric it finds */
  async #search(expression: string): Promise<readonly string[]> {
    const parts = SEARCH.exec(expression);
    if (!parts) throw new Error(`This is no search as Grafana writes it: ${expression}`);
    const [, namespace = '', dimension = '', metric = '', values = ''] = parts;
    const named = Array.from(values.matchAll(/"([^"]+)"/g), ([, value]) => value);
    const all = await this.dimensionValues(namespace, metric, dimension);
    return values === '' ? all : all.filter((value) => named.includes(value));
  }
}

const SEARCH =
  /^REMOVE_EMPTY\(SEARCH\('\{([^,']+),(\w+)\} MetricName="(\w+)"(?: "\2"=(\([^)]*\)|"[^"]*"))?', '\w+', \d+\)\)$/;

/**
 * What Grafana makes of a metric query: a search where there is more than one value, or `*`.
 * https://github.com/grafana/grafana/blob/main/pkg/tsdb/cloudwatch/metric_data_query_builder.go
 */
function queryOf(query: FilledQuery, period: number): MetricDataQuery {
  const { namespace, metricName = '', statistic = '', functions } = query;
  const id = { Id: 'a', ReturnData: true };
  const [only = ''] = functions;
  if (functions.length === 1 && only !== '*') {
    const Dimensions: Dimension[] = [{ Name: 'FunctionName', Value: only }];
    const Metric = { Namespace: namespace, MetricName: metricName, Dimensions };
    // Moto knows no percentiles.
    const Stat = statistic.startsWith('p') ? 'Maximum' : statistic;
    return { ...id, MetricStat: { Metric, Period: period, Stat } };
  }
  const named = functions.includes('*') ? '' : ` "FunctionName"=(${functions.map((name) => `"${name}"`).join(' OR ')})`;
  const search = `{${namespace},FunctionName} MetricName="${metricName}"${named}`;
  return { ...id, Expression: `REMOVE_EMPTY(SEARCH('${search}', '${statistic}', ${period}))` };
}

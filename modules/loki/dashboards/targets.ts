import {
  LogGroupBuilder,
  LogsQueryBuilder,
  LogsQueryLanguage,
  MetricEditorMode,
  MetricQueryType,
  MetricsQueryBuilder,
  QueryMode,
} from '@grafana/grafana-foundation-sdk/cloudwatch';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder, LokiQueryType, QueryEditorMode } from '@grafana/grafana-foundation-sdk/loki';
import { CLOUDWATCH, LOKI } from './data-sources.ts';

/** A query of a panel, which gives it its letter. */
export interface Target {
  readonly datasource: DataSourceRef;
  query(refId: string): Builder<Dataquery>;
}

/** A LogQL query over time: a series for each combination of labels. */
export function range(expr: string, legend: string): Target {
  return loki(LokiQueryType.Range, expr, legend);
}

/** A LogQL query of one moment, the end of the range: a row for each combination of labels. */
export function instant(expr: string, legend = ''): Target {
  return loki(LokiQueryType.Instant, expr, legend);
}

/** Lines. */
export function lines(expr: string): Target {
  return loki(LokiQueryType.Range, expr, '');
}

function loki(type: LokiQueryType, expr: string, legend: string): Target {
  return {
    datasource: LOKI,
    query: (refId) =>
      new DataqueryBuilder()
        .refId(refId)
        .datasource(LOKI)
        .editorMode(QueryEditorMode.Code)
        .queryType(type)
        .expr(expr)
        .legendFormat(legend),
  };
}

export interface MetricProps {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: 'Sum' | 'Maximum' | 'p90';
  /** What the name of the series is; CloudWatch fills in `${PROP(…)}`. */
  readonly label: string;
  /** Names of functions, or a variable that has them. */
  readonly functions: readonly string[];
  /** In seconds. Default: what fits the range. */
  readonly period?: number;
}

/** A metric of CloudWatch by function, in the region of the host. */
export function metric(props: MetricProps): Target {
  return { datasource: CLOUDWATCH, query: (refId) => metricQuery(props).refId(refId) };
}

/** The query of a metric; alert rules use it too. */
export function metricQuery(props: MetricProps): MetricsQueryBuilder {
  return new MetricsQueryBuilder()
    .datasource(CLOUDWATCH)
    .queryMode(QueryMode.Metrics)
    .metricQueryType(MetricQueryType.Search)
    .metricEditorMode(MetricEditorMode.Builder)
    .id('')
    .expression('')
    .region('default')
    .namespace(props.namespace)
    .metricName(props.name)
    .dimensions({ FunctionName: [...props.functions] })
    .matchExact(true)
    .statistic(props.statistic)
    .period(props.period === undefined ? '' : String(props.period))
    .label(props.label);
}

/** A query of CloudWatch Logs Insights over the log groups of a variable, in the region of the host. */
export function insights(logGroups: string, expression: string): Target {
  return {
    datasource: CLOUDWATCH,
    query: (refId) =>
      new LogsQueryBuilder()
        .refId(refId)
        .datasource(CLOUDWATCH)
        .queryMode(QueryMode.Logs)
        .queryLanguage(LogsQueryLanguage.CWLI)
        .id('')
        .region('default')
        // By ARN: of "All", Grafana gives the values of a variable here, and its text where log groups are given by name.
        .logGroups([new LogGroupBuilder().arn(logGroups).name(logGroups)])
        .expression(expression),
  };
}

import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel, ThresholdsConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Target } from './targets.ts';
import { type Thresholds, thresholds } from './thresholds.ts';

export interface PanelProps {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  /** By Grafana's id: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
  readonly unit: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly targets: readonly Target[];
  /** Default: none. */
  readonly steps?: Thresholds;
}

const HEIGHT = 8;

/** @param least the shortest step, where the data has one of its own. Default: what fits the range */
export function timeSeries(props: PanelProps, least?: string): TimeSeries {
  const panel = titled(new TimeSeries(), props)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  return least === undefined ? panel : panel.interval(least);
}

/** Bars that stand on each other: what they add up to counts too. */
export function stackedBars(props: PanelProps, least?: string): TimeSeries {
  return timeSeries(props, least)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

/** One number: the last of a series. */
export function stat(props: PanelProps): Stat {
  return titled(new Stat(), props)
    .height(4)
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''));
}

/** One number: the sum of a series, where CloudWatch has none for times at which nothing happened. */
export function total(props: PanelProps): Stat {
  return stat(props)
    .noValue('0')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['sum']).values(false).fields(''));
}

/** A bar for each row of an instant query. */
export function ranking(props: PanelProps): BarGauge {
  return titled(new BarGauge(), props)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(true).fields('').limit(10));
}

export interface Column {
  readonly field: string;
  readonly title: string;
  /** Default: that of the panel. */
  readonly unit?: string;
}

/** The rows of instant queries, joined by what they have in common, with the columns that are named. */
export function table(props: PanelProps, columns: readonly Column[]): Table {
  const panel = titled(new Table(), props)
    .filterable(true)
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { names: columns.map(({ field }) => field) } },
    })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(columns.map(({ field }, i) => [field, i])),
        renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
      },
    });
  for (const { title, unit } of columns)
    if (unit !== undefined) panel.overrideByName(title, [{ id: 'unit', value: unit }]);
  return panel;
}

/** Lines, the newest first. They have no unit. */
export function logs(props: Omit<PanelProps, 'unit' | 'steps'>): Logs {
  return titled(new Logs(), { ...props, unit: 'none' })
    .height(14)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending);
}

/** What the builders of all panels have. */
interface AnyPanel<T> extends Builder<Panel> {
  title(title: string): T;
  description(description: string): T;
  unit(unit: string): T;
  height(h: number): T;
  span(w: number): T;
  datasource(datasource: DataSourceRef): T;
  withTarget(target: Builder<Dataquery>): T;
  thresholds(thresholds: Builder<ThresholdsConfig>): T;
}

function titled<T extends AnyPanel<T>>(panel: T, props: PanelProps): T {
  const { title, description, unit, width, targets, steps } = props;
  panel.title(title).description(description).unit(unit).height(HEIGHT).span(width);
  for (const [i, { datasource, query }] of targets.entries()) {
    panel.datasource(datasource);
    panel.withTarget(query(String.fromCharCode(65 + i)));
  }
  return steps ? panel.thresholds(thresholds(steps)) : panel;
}

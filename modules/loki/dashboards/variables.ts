import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CLOUDWATCH, LOKI } from './data-sources.ts';

/** "All" of a label that streams may lack: the matcher has to find these too. */
const ANY_OR_NONE = '.*';

/** "All" of a label that each stream has. Loki wants one matcher at least that an empty value does not fit. */
const ANY = '.+';

const ALL = { selected: true, text: ['All'], value: ['$__all'] };

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'fatal', 'unknown'];

/** Owner, system under test, language and function of a stream: each offers what the ones before it leave. */
export function streamVariables(): readonly QueryVariableBuilder[] {
  return [
    labelVariable('owner', 'Owner', 'owner', '{service_name=~".+"}', ANY_OR_NONE),
    labelVariable('sut', 'System under test', 'sut', '{service_name=~".+", owner=~"$owner"}', ANY_OR_NONE),
    labelVariable(
      'language',
      'Language',
      'language',
      '{service_name=~".+", owner=~"$owner", sut=~"$sut"}',
      ANY_OR_NONE,
    ),
    labelVariable(
      'function',
      'Function',
      'service_name',
      '{service_name=~".+", owner=~"$owner", sut=~"$sut", language=~"$language"}',
      ANY,
    ),
  ];
}

/** What the variables of streams select. */
export const STREAMS = '{owner=~"$owner", sut=~"$sut", language=~"$language", service_name=~"$function"}';

/** The hosts that tell Loki of themselves. */
export function hostVariable(): QueryVariableBuilder {
  return labelVariable('host', 'Host', 'host', '{service_name="loki-host"}', ANY);
}

function labelVariable(name: string, title: string, label: string, stream: string, all: string): QueryVariableBuilder {
  // `type: 1` is what Grafana's Loki data source calls the values of a label.
  return choice(name, title, LOKI, { refId: 'LokiVariableQueryEditor-VariableQuery', type: 1, label, stream }).allValue(
    all,
  );
}

/** Levels that Loki detects. */
export function levelVariable(): CustomVariableBuilder {
  return new CustomVariableBuilder('level')
    .label('Level')
    .values(LEVELS.join(','))
    .options(LEVELS.map((level) => ({ selected: false, text: level, value: level })))
    .multi(true)
    .includeAll(true)
    .allValue(ANY_OR_NONE)
    .current(ALL);
}

/** A part of the line, as a regular expression; none finds all lines. */
export function searchVariable(): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder('search')
    .label('Line contains')
    .defaultValue('')
    .current({ selected: true, text: '', value: '' });
}

/** The shippers of this account and region, by the metrics that they write. "All" is each of them. */
export function shipperVariable(namespace: string): QueryVariableBuilder {
  return choice('shipper', 'Shipper', CLOUDWATCH, {
    refId: 'CloudWatchVariableQueryEditor-VariableQuery',
    queryType: 'dimensionValues',
    region: 'default',
    namespace,
    metricName: 'EntriesReceived',
    dimensionKey: 'FunctionName',
    dimensionFilters: {},
  });
}

/** The log groups of all shippers, which nobody has to choose: queries select by `$shipper`. */
export function shipperLogsVariable(): QueryVariableBuilder {
  return choice('shipper_logs', 'Log groups of shippers', CLOUDWATCH, {
    refId: 'CloudWatchVariableQueryEditor-VariableQuery',
    queryType: 'logGroups',
    region: 'default',
    logGroupPrefix: '/aws/lambda/',
  })
    .regex('/-shipper(?::\\*)?$/') // Of the ARN.
    .hide(VariableHide.HideVariable);
}

function choice(name: string, title: string, source: DataSourceRef, query: Record<string, unknown>) {
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(source)
    .query(query)
    .multi(true)
    .includeAll(true)
    .current(ALL)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

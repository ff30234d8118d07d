import { type Query, QueryBuilder, type Rule } from '@grafana/grafana-foundation-sdk/alerting';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { TypeReduceBuilder, TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { CLOUDWATCH, LOKI } from './data-sources.ts';
import { instant, metricQuery } from './targets.ts';

/**
 * A rule as a file of Grafana's provisioning has it.
 * https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
 */
export interface ProvisionedRule
  extends Pick<Rule, 'title' | 'condition' | 'data' | 'for' | 'noDataState' | 'execErrState'> {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly dashboardUid: string;
  readonly panelId: number;
}

interface RuleProps {
  /** Stays: silences and the history of the alert hang on it. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** It fires above this. */
  readonly above: number;
  /** How long it has to be so. */
  readonly for: string;
  readonly noData: Rule['noDataState'];
  readonly execError: Rule['execErrState'];
  readonly severity: 'warning' | 'critical';
  /**
   * One sentence, and what to do. Labels and values are `{{ .Labels.x }}` and `{{ .Values.A.Value }}`, not
   * `{{ $labels.x }}`: Grafana takes what follows a `$` in these for a variable of its environment.
   */
  readonly summary: string;
  readonly description: string;
  /** The panel that shows it, by its title. */
  readonly seenOn: readonly [dashboard: Dashboard, panel: string];
}

/** A rule over a LogQL query, which is asked for one moment: an alert for each combination of labels. */
export function lokiRule(props: RuleProps & { readonly expr: string }): ProvisionedRule {
  const logql = instant(props.expr).query('A');
  return rule(props, [asked('A', LOKI.uid, logql, 600, 'instant'), threshold('A', props.above)]);
}

/** A rule over the sum of a metric of CloudWatch in the last quarter of an hour: an alert for each function. */
export function metricRule(
  props: RuleProps & { readonly namespace: string; readonly metric: string },
): ProvisionedRule {
  const { namespace, metric: name } = props;
  const label = "${PROP('Dim.FunctionName')}";
  const metric = metricQuery({ namespace, name, statistic: 'Sum', label, functions: ['*'], period: 300 }).refId('A');
  const sum = new TypeReduceBuilder().refId('B').expression('A').reducer('sum');
  return rule(props, [asked('A', CLOUDWATCH.uid, metric, 900), computed('B', sum), threshold('B', props.above)]);
}

function rule(props: RuleProps, data: readonly Query[]): ProvisionedRule {
  const { uid, title, severity, summary, description, noData, execError, seenOn } = props;
  const [dashboard, panel] = seenOn;
  return {
    uid,
    title,
    condition: 'C',
    data: [...data],
    for: props.for,
    noDataState: noData,
    execErrState: execError,
    labels: { severity, source: 'loki-shipper' },
    annotations: { summary, description },
    dashboardUid: dashboard.uid ?? '',
    panelId: panelId(dashboard, panel),
  };
}

function panelId({ title, panels = [] }: Dashboard, panel: string): number {
  const id = panels.find(({ type, title }) => type !== 'row' && title === panel)?.id;
  if (id === undefined) throw new Error(`The dashboard ${title} has no panel ${panel}.`);
  return id;
}

const EXPRESSION = { type: '__expr__', uid: '__expr__' };

function threshold(expression: string, value: number): Query {
  const conditions = [{ evaluator: { type: 'gt' as const, params: [value] } }];
  return computed('C', new TypeThresholdBuilder().refId('C').expression(expression).conditions(conditions));
}

function computed(
  refId: string,
  model: Builder<Dataquery> & { datasource(ref: typeof EXPRESSION): Builder<Dataquery> },
) {
  return asked(refId, EXPRESSION.uid, model.datasource(EXPRESSION), 0);
}

/** @param seconds how far back it looks */
function asked(refId: string, uid: string, model: Builder<Dataquery>, seconds: number, queryType = ''): Query {
  return new QueryBuilder(refId)
    .datasourceUid(uid)
    .queryType(queryType)
    .relativeTimeRange({ from: seconds, to: 0 })
    .model(model)
    .build();
}

import { DescribeLogGroupsCommand, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogsQuery, MetricsQuery } from '@grafana/grafana-foundation-sdk/cloudwatch';
import type { Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { dataquery } from '@grafana/grafana-foundation-sdk/loki';
import { expect } from 'chai';
import { alertRules, DASHBOARDS } from '../../modules/loki/dashboards/index.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { eventually } from '../support/eventually.ts';
import { orSkip } from '../support/parts.ts';
import { logGroupArn } from './aws.ts';
import { askOnce, askOverTime, labelValues } from './dashboards/ask-loki.ts';
import { type Choices, insightsOf, logqlOf, type Span, valuesOf } from './dashboards/interpolate.ts';
import { isMetric, labelsOf, labelsShown, numbersOf, panelsOf, sum, targetsOf } from './dashboards/panel-queries.ts';
import { CHECKOUT, HOST, INVOICE, OTHER_SHIPPER, type Scene, setScene } from './dashboards/scene.ts';

const HOUR = 3_600_000;

/** What somebody chooses: all, the function that logs as text, the one that logs JSON. */
const CHOICES: Readonly<Record<string, Choices>> = {
  'all values': {},
  'fun-checkout': {
    owner: ['team-checkout'],
    sut: ['orders'],
    language: ['python'],
    function: ['fun-checkout'],
    level: ['error'],
    search: ['timeout'],
    host: [HOST],
    shipper: [OTHER_SHIPPER],
  },
  'fun-invoice': {
    owner: ['team-billing'],
    language: ['nodejs', 'python'],
    function: ['fun-invoice'],
    level: ['info', 'error'],
  },
};

describe('The dashboards and alert rules, end to end', function () {
  this.timeout(300_000);
  let stack: Stack;
  let scene: Scene;
  let span: Span;
  /** What "All" is of the variables that have no pattern for it. */
  let all: Choices;

  before(async function () {
    stack = await orSkip(this, () => startStack(console.error, { ec2: true }));
    scene = await setScene(stack);
    span = { from: Date.now() - HOUR, to: Date.now() + 5_000, step: 60 };
    all = { shipper: await scene.metrics.dimensionValues('loki-shipper', 'EntriesReceived', 'FunctionName') };
  });

  after(() => stack?.stop());

  for (const dashboard of DASHBOARDS)
    describe(dashboard.title ?? '', () => {
      const variables = dashboard.templating?.list ?? [];
      for (const panel of panelsOf(dashboard)) {
        const source = panel.datasource?.type;
        for (const [chosen, choices] of Object.entries(CHOICES)) {
          const what = `has data for its panel ${panel.title}, for ${chosen}`;
          if (source === 'loki') it(what, () => hasLines(panel, variables, choices));
          else if (isMetric(panel)) it(what, () => hasMetrics(panel, choices));
        }
        if (source === 'cloudwatch' && !isMetric(panel))
          it(`asks Logs Insights for its panel ${panel.title}, of the log groups of shippers and no other`, () =>
            isAccepted(panel, variables));
      }

      for (const variable of variables)
        if (variable.datasource?.type === 'loki')
          it(`offers the values of ${variable.label}`, () => offers(variable, variables));
    });

  describe('The panels of Lambda functions', () => {
    const functions = DASHBOARDS.find(({ uid }) => uid === 'loki-shipper-functions');
    const variables = functions?.templating?.list ?? [];
    const panels = functions ? panelsOf(functions) : [];
    // Of the five reports that each function has in the scene.
    const FIGURES: Readonly<Record<string, number>> = {
      'Invocations in all': 5,
      'Share of failures': 2 / 5,
      'Share of cold starts': 1 / 5,
      Invocations: 5,
      'Cold starts': 1,
      Timeouts: 1,
      'Init duration, p95': 301.25,
      'Memory used of its size': 127 / 128,
      'Billed GB-seconds': ((813 + 13 + 96 + 3000 + 42) / 1000) * (128 / 1024),
    };
    for (const format of ['fun-checkout', 'fun-invoice'])
      for (const [title, figure] of Object.entries(FIGURES))
        it(`show the right figure of ${format}: ${title}`, async () => {
          const [target] = targetsOf<dataquery>(panels.find((panel) => panel.title === title) ?? { targets: [] });
          // Of the scene's own reports: the emulator writes some, too.
          const expr = target?.expr.replaceAll('} |~', '} | log_stream="reports" |~') ?? '';
          const { answer } = await ask({ ...target, expr } as dataquery, variables, { function: [format] });
          expect(sum(numbersOf(answer).map(Number))).to.be.closeTo(figure, 1e-9);
        });
  });

  async function hasLines(panel: Panel, variables: readonly VariableModel[], choices: Choices): Promise<void> {
    const functions = new Set<string | undefined>();
    for (const target of targetsOf<dataquery>(panel)) {
      const { queryType, legendFormat = '' } = target;
      const { logql, answer } = await ask(target, variables, choices);
      const type = panel.type === 'logs' ? 'streams' : queryType === 'instant' ? 'vector' : 'matrix';
      expect(answer.resultType, logql).to.equal(type);
      expect(answer.result, logql).not.to.be.empty;
      for (const labels of labelsOf(answer)) {
        expect(Object.keys(labels), logql).to.have.members(labelsShown(panel, legendFormat));
        functions.add(labels.service_name);
      }
      for (const value of numbersOf(answer)) expect(Number(value), logql).to.be.finite;
    }
    if (functions.has('fun-checkout') && choices === CHOICES['all values'])
      expect([...functions], panel.title).to.include('fun-invoice');
    if (choices.function && functions.size > 0 && !functions.has(undefined))
      expect([...functions], panel.title).to.deep.equal(choices.function);
  }

  async function ask({ expr, queryType }: dataquery, variables: readonly VariableModel[], choices: Choices) {
    const logql = logqlOf(expr, variables, choices, span);
    const answer =
      queryType === 'instant'
        ? await askOnce(stack.loki.url, logql, span.to)
        : await askOverTime(stack.loki.url, logql, span);
    return { logql, answer };
  }

  async function hasMetrics(panel: Panel, choices: Choices): Promise<void> {
    for (const target of targetsOf<MetricsQuery>(panel)) {
      const { namespace, metricName = '', statistic = '', dimensions } = target;
      const functions = [dimensions?.FunctionName ?? []].flat().flatMap((text) => valuesOf(text, choices, all));
      const series = await scene.metrics.ask({ namespace, metricName, statistic, functions }, span);
      expect(Object.keys(series), metricName).to.have.members(choices.shipper ?? [scene.shipper, OTHER_SHIPPER]);
      for (const [name, values] of Object.entries(series))
        expect(sum(values), `${metricName} of ${name}`).to.be.above(0);
    }
  }

  async function isAccepted(panel: Panel, variables: readonly VariableModel[]): Promise<void> {
    for (const { logGroups = [], expression = '' } of targetsOf<LogsQuery>(panel)) {
      const arns = await Promise.all(
        logGroups.map(({ arn }) => logGroupsOf(variables.find(({ name }) => `$${name}` === arn))),
      );
      const logGroupIdentifiers = arns.flat().map((arn) => arn.replace(/:\*$/, ''));
      expect(logGroupIdentifiers).to.deep.equal([logGroupArn(`/aws/lambda/${scene.shipper}`)]);
      const queryString = insightsOf(expression, {}, all);
      expect(queryString).to.include(`/^(${scene.shipper}|${OTHER_SHIPPER})$/`).and.not.to.include('${');
      // MiniStack takes the query and runs no stats: what it answers is not looked at.
      const [startTime, endTime] = [span.from, span.to].map((time) => Math.floor(time / 1_000));
      const { queryId } = await scene.aws.logs.send(
        new StartQueryCommand({ logGroupIdentifiers, queryString, startTime, endTime }),
      );
      await eventually('the end of the query', async () => {
        const { status } = await scene.aws.logs.send(new GetQueryResultsCommand({ queryId }));
        return status === 'Complete';
      });
    }
  }

  /** ARNs of log groups, as the variable finds them. */
  async function logGroupsOf(variable: VariableModel | undefined): Promise<readonly string[]> {
    const query = variable?.query as { readonly logGroupPrefix: string } | undefined;
    const pattern = new RegExp((variable?.regex ?? '').slice(1, -1));
    const { logGroups = [] } = await scene.aws.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: query?.logGroupPrefix }),
    );
    return logGroups.map(({ arn = '' }) => arn).filter((arn) => pattern.test(arn));
  }

  async function offers(variable: VariableModel, variables: readonly VariableModel[]): Promise<void> {
    const { label, stream } = variable.query as { readonly label: string; readonly stream: string };
    const chosen = CHOICES['fun-checkout']?.[variable.name] ?? [];
    const others = { ...CHOICES['fun-checkout'], function: [] };
    for (const choices of [{}, others]) {
      const selector = logqlOf(stream, variables, choices, span);
      expect(await labelValues(stack.loki.url, label, selector, span), selector).to.include.members(chosen);
    }
    const none = await labelValues(stack.loki.url, label, '{service_name="nobody"}', span);
    expect(none).to.be.empty;
  }

  describe('Alert rules', () => {
    const rules = alertRules().groups.flatMap(({ rules }) => rules);

    /** The labels of the alerts that a rule gives at a time. */
    async function alertsOf(uid: string, at: number): Promise<readonly Readonly<Record<string, string>>[]> {
      const data = rules.find((rule) => rule.uid === uid)?.data ?? [];
      const [asked, threshold] = [data[0]?.model, data.at(-1)?.model] as unknown as [dataquery, Threshold];
      expect(asked.queryType).to.equal('instant');
      const [{ evaluator } = {}] = threshold.conditions;
      expect(evaluator?.type).to.equal('gt');
      const answer = await askOnce(stack.loki.url, asked.expr, at);
      expect(answer.resultType).to.equal('vector');
      if (answer.resultType !== 'vector') return [];
      return answer.result
        .filter(({ value }) => Number(value[1]) > (evaluator?.params[0] ?? Number.NaN))
        .map(({ metric }) => metric);
    }

    it('tell of a function that writes many errors, and not of one that wrote as many in the hour before', async () => {
      expect(await alertsOf('loki-shipper-error-spike', span.to)).to.deep.equal([{ service_name: 'fun-checkout' }]);
    });

    it('tell of a log group that wrote in the same hour of the day before, and of none that writes', async () => {
      expect(await alertsOf('loki-shipper-silence', span.to)).to.be.empty;
      const groups = (await alertsOf('loki-shipper-silence', span.to + 24 * HOUR)).map(({ log_group }) => log_group);
      expect(groups).to.have.members([CHECKOUT, INVOICE]);
    });

    it('tell of lines that Loki discards, by reason, and of none when there are none', async () => {
      expect(await alertsOf('loki-shipper-discarded', span.to)).to.deep.equal([{ host: HOST, reason: 'rate_limited' }]);
      expect(await alertsOf('loki-shipper-discarded', span.to - 2 * HOUR)).to.be.empty;
    });

    it('tell of a disk that is more than 80 % full, and find no data where the host is silent', async () => {
      expect(await alertsOf('loki-shipper-disk', span.to)).to.deep.equal([{ host: HOST }]);
      expect(await alertsOf('loki-shipper-disk', span.to - 2 * HOUR)).to.be.empty;
    });

    it('tell of parked lines of each shipper', async () => {
      const [query] = rules.find(({ uid }) => uid === 'loki-shipper-parked')?.data ?? [];
      const {
        namespace,
        metricName = '',
        statistic = '',
        dimensions,
      } = (query?.model ?? {}) as unknown as MetricsQuery;
      const functions = [dimensions?.FunctionName ?? []].flat();
      const series = await scene.metrics.ask({ namespace, metricName, statistic, functions }, { ...span, step: 300 });
      expect(Object.keys(series)).to.have.members([scene.shipper, OTHER_SHIPPER]);
      for (const values of Object.values(series)) expect(sum(values)).to.be.above(0);
    });
  });
});

interface Threshold {
  readonly conditions: readonly {
    readonly evaluator: { readonly type: string; readonly params: readonly number[] };
  }[];
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { expect } from 'chai';
import { Ledger } from '../../../function/ledger.ts';
import { metricRecord } from '../../../function/metrics.ts';
import { alertRules, DASHBOARDS, writeDashboards } from '../../../modules/loki/dashboards/index.ts';

const panelsOf = (dashboard: (typeof DASHBOARDS)[number]) =>
  (dashboard.panels ?? []).filter((panel): panel is Panel => panel.type !== 'row');
const SOURCES = [
  { type: 'loki', uid: 'loki' },
  { type: 'cloudwatch', uid: 'cloudwatch' },
];

/** A target of a panel, as it is written. */
interface Query {
  readonly refId: string;
  readonly datasource: { readonly uid: string };
  readonly queryType?: string;
  readonly expr?: string;
  readonly expression?: string;
  readonly metricName?: string;
  readonly namespace?: string;
}

for (const dashboard of DASHBOARDS)
  describe(`The dashboard ${dashboard.title}`, () => {
    const panels = panelsOf(dashboard);
    const variables: readonly VariableModel[] = dashboard.templating?.list ?? [];
    const queries = panels.flatMap(({ targets }) => (targets ?? []) as unknown as Query[]);

    it('says what it is for', () => {
      expect(dashboard.description).to.match(/\.$/);
      expect(dashboard.uid).to.match(/^loki-shipper-[a-z]+$/);
      expect(dashboard.id).to.equal(null);
    });

    it('has panels with a title of their own, an id of their own, a description and a unit', () => {
      expect(panels).to.have.length.above(5);
      expect(new Set(panels.map(({ title }) => title)).size).to.equal(panels.length);
      const ids = (dashboard.panels ?? []).map(({ id }) => id);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const { title, description, fieldConfig } of panels) {
        expect(description, title).to.match(/\.$/);
        const columns = (fieldConfig?.overrides ?? []).flatMap(({ properties }) => properties);
        const others = columns.filter(({ id }) => id === 'unit').map(({ value }) => value);
        for (const unit of [fieldConfig?.defaults.unit, ...others])
          expect(Object.values(units), title).to.include(unit);
      }
    });

    it('has a query in each panel, of a data source that the host provisions', () => {
      for (const { title, targets = [], datasource } of panels) {
        expect(SOURCES, title).to.deep.include(datasource);
        expect(targets, title).not.to.be.empty;
        for (const target of targets as unknown as Query[]) expect(target.datasource, title).to.deep.equal(datasource);
        expect(new Set((targets as unknown as Query[]).map(({ refId }) => refId)).size).to.equal(targets.length);
      }
      for (const query of queries) expect(query.expr || query.expression || query.metricName).to.be.a('string');
    });

    it('fills its rows from the left, without a gap or an overlap', () => {
      for (const { title, gridPos } of panels) {
        const { x = 0, y = 0, w = 0 } = gridPos ?? {};
        expect(x + w, title).to.be.at.most(24);
        const left = panels.find((other) => other.gridPos?.y === y && (other.gridPos.x ?? 0) + other.gridPos.w === x);
        expect(x === 0 || left !== undefined, title).to.equal(true);
      }
    });

    it('uses each of its variables, and no other', () => {
      const used = new Set(
        Array.from(
          JSON.stringify([panels, variables]).matchAll(/\$(?:\{([a-z_]+)(?::\w+)?\}|([a-z]\w*))/g),
          ([, braced, plain]) => braced ?? plain,
        ),
      );
      expect([...used]).to.have.members(variables.map(({ name }) => name));
    });

    it('begins with all values of each variable', () => {
      for (const { name, type, includeAll, multi, current } of variables) {
        if (type === 'textbox') continue;
        expect({ includeAll, multi, value: current?.value }, name).to.deep.equal({
          includeAll: true,
          multi: true,
          value: ['$__all'],
        });
      }
    });

    it('asks Loki over time with a window that fits the step, and for one moment with the whole range', () => {
      for (const { expr, queryType } of queries) {
        if (!expr) continue;
        const windows = Array.from(expr.matchAll(/\[([^\]]+)\]/g), ([, window]) => window).filter((window) =>
          window?.startsWith('$'),
        );
        const right = queryType === 'instant' ? '$__range' : '$__auto';
        for (const window of windows) expect(window, expr).to.equal(right);
      }
    });
  });

describe('The dashboard of the shipper', () => {
  const everything = new Ledger();
  for (const name of Object.keys(everything)) if (name !== 'parked') Object.assign(everything, { [name]: 1 });
  Object.assign(everything, { received: 9, newest: 0, oldest: 0 });
  everything.park('line_too_long', 1);
  const record = JSON.parse(metricRecord(everything, { functionName: 'f', requestId: 'r', logGroup: 'g', now: 1 }));
  const { Namespace, Metrics, Dimensions } = record._aws.CloudWatchMetrics[0];
  const shipper = DASHBOARDS.find(({ uid }) => uid === 'loki-shipper-shipper');
  const queries = (shipper ? panelsOf(shipper) : []).flatMap(({ targets }) => (targets ?? []) as unknown as Query[]);

  const WORDS = new Set(['ispresent', 'and', 'or', 'like', 'sum', 'max', 'as', 'by', 'desc']);

  it('shows metrics that the shipper writes', () => {
    const names = queries.filter(({ namespace }) => namespace === Namespace).map(({ metricName }) => metricName);
    expect(names).not.to.be.empty;
    for (const name of names) expect(Metrics.map(({ Name }: { Name: string }) => Name)).to.include(name);
    expect(Dimensions).to.deep.equal([['FunctionName']]);
  });

  it('asks Logs Insights by its commands, for fields that the records have or that the query makes', () => {
    const expressions = queries.map(({ expression }) => expression ?? '').filter((expression) => expression !== '');
    expect(expressions).to.have.length(2);
    for (const expression of expressions) {
      const commands = expression.split(' | ').map((command) => command.trim().split(' ')[0] ?? '');
      for (const command of commands) expect(['fields', 'filter', 'stats', 'sort', 'limit']).to.include(command);
      const made = Array.from(expression.matchAll(/ as (\w+)/g), ([, name]) => name ?? '');
      const words = expression
        .replace(/\/[^/]*\//g, '')
        .match(/@?[A-Za-z]\w*/g)
        ?.filter((word) => !WORDS.has(word) && !commands.includes(word));
      expect(words).not.to.be.empty;
      for (const word of words ?? [])
        expect(word in record || made.includes(word) || word.startsWith('@'), word).to.equal(true);
    }
  });
});

describe('The alert rules', () => {
  const rules = alertRules().groups.flatMap(({ rules }) => rules);

  /** Those of a file that we use: https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/alerting/rules_types.go */
  const RULE_FIELDS = [
    ...['uid', 'title', 'condition', 'data', 'for', 'noDataState', 'execErrState', 'labels', 'annotations'],
    ...['dashboardUid', 'panelId'],
  ];
  const QUERY_FIELDS = ['refId', 'datasourceUid', 'queryType', 'relativeTimeRange', 'model'];

  it('watch errors, silence, parked lines, discarded lines and the disk', () => {
    expect(rules.map(({ uid }) => uid)).to.deep.equal([
      'loki-shipper-error-spike',
      'loki-shipper-silence',
      'loki-shipper-parked',
      'loki-shipper-discarded',
      'loki-shipper-disk',
    ]);
  });

  it('lead from a query by a threshold to an alert that says what to do and where to look', () => {
    for (const { uid, condition, data, annotations, dashboardUid, panelId } of rules) {
      expect(data.map(({ refId }) => refId))
        .to.include('A')
        .and.to.include(condition);
      const dashboard = DASHBOARDS.find(({ uid }) => uid === dashboardUid);
      expect(dashboard && panelsOf(dashboard).map(({ id }) => id)).to.include(panelId);
      expect(annotations.summary, uid).to.have.length.within(20, 120);
      expect(annotations.description, uid).to.have.length.above(80).and.to.match(/[.]$/);
    }
  });

  it('have Grafana expand nothing: what follows a dollar in labels and annotations is a variable of its environment', () => {
    for (const { title, labels, annotations } of rules)
      expect(JSON.stringify([title, labels, annotations])).not.to.include('$');
  });

  it('have fields that Grafana knows, with values that it takes', () => {
    for (const { name, interval, folder, orgId } of alertRules().groups) {
      expect([name, folder]).not.to.include('');
      expect(interval).to.match(/^\d+[sm]$/);
      expect(orgId).to.equal(1);
    }
    for (const rule of rules) {
      expect(Object.keys(rule)).to.have.members(RULE_FIELDS);
      expect(rule.uid).to.match(/^[\w-]{1,40}$/);
      expect(rule.for).to.match(/^\d+[sm]$/);
      expect(['OK', 'Alerting', 'NoData', 'KeepLast']).to.include(rule.noDataState);
      expect(['OK', 'Alerting', 'Error', 'KeepLast']).to.include(rule.execErrState);
      for (const query of rule.data) {
        expect(Object.keys(query)).to.have.members(QUERY_FIELDS);
        expect((query.model as unknown as Query).refId).to.equal(query.refId);
      }
    }
  });
});

describe('The files of dashboards and rules', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'loki-shipper-'));
    writeDashboards(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('are where the host has Grafana look, a dashboard named by its uid', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
    expect(files).to.have.members([
      ...DASHBOARDS.map(({ uid }) => `grafana/dashboards/${uid}.json`),
      'grafana/provisioning/alerting/rules.yaml',
    ]);
    expect(new Set(DASHBOARDS.map(({ uid }) => uid)).size).to.equal(DASHBOARDS.length);
  });

  it('hold what was built, nothing lost in writing', () => {
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const dashboard of DASHBOARDS)
      expect(read(`grafana/dashboards/${dashboard.uid}.json`)).to.deep.equal(JSON.parse(JSON.stringify(dashboard)));
    expect(read('grafana/provisioning/alerting/rules.yaml')).to.deep.equal(JSON.parse(JSON.stringify(alertRules())));
  });
});

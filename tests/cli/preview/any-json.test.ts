import { expect } from 'chai';
import fc from 'fast-check';
import { markdown } from '../../../cli/preview/markdown.ts';
import { InvalidPlan, parsePlan } from '../../../cli/preview/plan.ts';
import { preview } from '../../../cli/preview/preview.ts';
import { attached, changes, installed, MODULE, planText } from './planned.ts';
import { expectReport } from './report-schema.ts';

/** Either a report in both forms, or an error in one sentence. */
function reportOrSentence(text: string): 'report' | 'sentence' {
  let plan: ReturnType<typeof parsePlan>;
  try {
    plan = parsePlan(text, 'plan.json');
  } catch (error) {
    if (!(error instanceof InvalidPlan)) throw error;
    expect(error.message).to.match(/^plan\.json .*\.$/);
    return 'sentence';
  }
  const report = preview(plan);
  expectReport(JSON.parse(JSON.stringify(report)));
  expect(markdown(report)).to.match(/^## Preview of loki-shipper\n/);
  return 'report';
}

const group = { labels: { from_tags: ['owner'] }, groups: { '/a': { tags: { owner: 'x' } }, '/b': {} } };
const before = installed({ ...group, selection: { prefixes: ['/'], excluded: ['*x'] }, counted: 3 });
const after = installed({
  groups: { '/c': {} },
  selection: { log_groups: { '/b': { tags: {}, filter_pattern: null } } },
});
const PLAN = planText([
  ...changes(MODULE, before, after),
  ...changes('module.team', {}, { 'aws_lambda_invocation.attachment': attached({ logGroup: '/d' }) }),
  ...changes('', { 'aws_cloudwatch_log_group.b': { name: '/b' } }, { 'aws_cloudwatch_log_group.b': { name: '/c' } }),
]);

/** Places in JSON: the parent and the key. */
function places(value: unknown): readonly (readonly [parent: Record<string, unknown>, key: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    [value as Record<string, unknown>, key] as const,
    ...places((value as Record<string, unknown>)[key]),
  ]);
}

describe('A preview of any JSON', () => {
  it('is a report or a sentence', () => {
    fc.assert(fc.property(fc.json(), (text) => !!reportOrSentence(text)));
    fc.assert(fc.property(fc.string(), (text) => !!reportOrSentence(text)));
  });

  it('that looks like a plan is a report or a sentence', () => {
    const plan = fc.record(
      {
        format_version: fc.constant('1.2'),
        planned_values: fc.constant({}),
        resource_changes: fc.jsonValue(),
        resource_drift: fc.jsonValue(),
        prior_state: fc.jsonValue(),
        configuration: fc.jsonValue(),
      },
      { requiredKeys: ['format_version', 'planned_values'] },
    );
    fc.assert(fc.property(plan, (json) => !!reportOrSentence(JSON.stringify(json))));
  });

  it('that is a plan in which anything is something else is a report or a sentence', () => {
    const all = places(JSON.parse(PLAN)).length;
    const strange = fc.oneof(
      fc.constantFrom(undefined, null, true, false, 0, -1, '', '__proto__', [], {}, '{"action":"attach"}', '[]', '{}'),
      fc.jsonValue(),
    );
    let reports = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(all - 1), strange), { minLength: 1, maxLength: 4 }), (mutations) => {
        const json = JSON.parse(PLAN);
        const found = places(json);
        for (const [at, value] of mutations) {
          const [parent, key] = found[at] ?? [];
          if (parent && key !== undefined) parent[key] = value;
        }
        if (reportOrSentence(JSON.stringify(json)) === 'report') reports++;
        return true;
      }),
      { numRuns: 300 },
    );
    expect(reports).to.be.greaterThan(100);
  }).timeout(20_000);

  it('never has what is sensitive in it', () => {
    const secret = 'S3CR3T';
    // Every text of the plan's values that is marked is replaced, wherever it is.
    const marked = JSON.parse(PLAN) as {
      readonly resource_changes: readonly { readonly change: Record<string, unknown> }[];
    };
    for (const { change } of marked.resource_changes) {
      for (const side of ['before', 'after'] as const) {
        const values = change[side] as Record<string, unknown> | null;
        if (!values) continue;
        change[`${side}_sensitive`] = Object.fromEntries(Object.keys(values).map((key) => [key, true]));
        change[side] = Object.fromEntries(Object.keys(values).map((key) => [key, secret]));
      }
    }
    const report = preview(parsePlan(JSON.stringify(marked), 'plan.json'));
    expect(report.installations).to.not.deep.equal([]);
    expect(JSON.stringify(report) + markdown(report)).to.not.include(secret);
  });

  it('of ten thousand log groups takes less than two seconds of a processor', () => {
    const many = (tag: string) =>
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, i) => [`/aws/lambda/fun-${i}`, { tags: { owner: `${tag}-${i % 50}` } }]),
      );
    const labels = { from_tags: ['owner'] };
    const state = (tag: string) => installed({ groups: many(tag), labels });
    const text = planText(changes(MODULE, state('a'), state('b')));
    const start = process.cpuUsage();
    const report = preview(parsePlan(text, 'plan.json'));
    expect(markdown(report).length + JSON.stringify(report).length).to.be.greaterThan(0);
    const { user, system } = process.cpuUsage(start);
    expect(report.installations[0]?.groups).to.include({ after: 10_000, change: 10_000 });
    expect((user + system) / 1e6).to.be.lessThan(2);
  }).timeout(20_000);
});

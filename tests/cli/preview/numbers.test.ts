import { expect } from 'chai';
import { changes, type Given, reportOf, type State } from './planned.ts';

const groups = (count: number, tags = (_: number): Record<string, string> => ({})) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`/fun/${String(i).padStart(3, '0')}`, { tags: tags(i) }]),
  );

describe('The labels of a preview', () => {
  const labelsOf = (given: Given) => {
    const [change] = reportOf(given).changes;
    return { before: change?.before?.labels, after: change?.after?.labels };
  };
  const state = (labels: object, tags: Record<string, string> = {}): State => ({
    groups: { '/aws/fun': { tags } },
    labels: labels as Record<string, unknown>,
  });
  const own = { service_name: 'fun', log_group: '/aws/fun', account_id: '123456789012', region: 'eu-central-1' };

  it('are those that the shipper makes, before and after', () => {
    const before = state({ from_tags: ['Team-Name'], static: { env: 'prod' } }, { 'Team-Name': 'a', other: 'x' });
    const after = state({ from_tags: ['*'], rename: { 'Team-Name': 'team' } }, { 'Team-Name': 'a', other: 'x' });
    expect(labelsOf({ before, after })).to.deep.equal({
      before: { ...own, env: 'prod', Team_Name: 'a' },
      after: { ...own, team: 'a', other: 'x' },
    });
  });

  it('leave open what the plan does not tell of account and region', () => {
    const unknown = { 'aws_lambda_permission.log_groups': { source_arn: true } };
    const arn = { 'aws_lambda_function.shipper': { arn: true } };
    const { after } = labelsOf({ before: null, after: state({}), unknown: { ...unknown, ...arn } });
    expect(after).to.deep.equal({ ...own, account_id: { hidden: 'unknown' }, region: { hidden: 'unknown' } });
  });

  it('have the tags that the configuration itself puts on a group, less than those of the module', () => {
    const tags_all = { owner: 'group', place: 'group' };
    const others = changes('', {}, { 'aws_cloudwatch_log_group.a': { name: '/aws/fun', tags_all } });
    const after = state({ from_tags: ['owner', 'place'] }, { owner: 'module' });
    expect(labelsOf({ after, others }).after).to.deep.equal({ ...own, owner: 'module', place: 'group' });
  });
});

describe('The numbers of a preview', () => {
  it('count a stream for each group', () => {
    const { streams, groups: counted } = reportOf({ before: { groups: groups(2) }, after: { groups: groups(3) } });
    expect(streams).to.deep.equal({ before: 2, after: 3, meanwhile: 3, limit: 5000 });
    expect(counted).to.deep.include({ before: 2, after: 3, gain: 1, keep: 2, lose: 0, change: 0 });
  });

  it('count old and new streams together where labels change', () => {
    const labels = { from_tags: ['v'] };
    const before = { groups: groups(3, (i) => ({ v: `${i}` })), labels };
    const after = { groups: groups(3, (i) => ({ v: i === 0 ? '0' : 'new' })), labels };
    expect(reportOf({ before, after }).streams).to.include({ before: 3, after: 3, meanwhile: 5 });
  });

  it('take labels that are not told for unchanged', () => {
    const unknown = { 'aws_lambda_function.shipper': { environment: [{ variables: { LABEL_POLICY: true } }] } };
    const state = { groups: groups(3) };
    expect(reportOf({ before: state, after: state, unknown }).streams).to.include({ after: 3, meanwhile: 3 });
  });

  it('are at least those of the groups that the plan names, and those that the registrar counted', () => {
    const listed = { '/a': { tags: {}, filter_pattern: null } };
    const selection = { managed_by: 'registrar', prefixes: ['/fun/'], log_groups: listed };
    const report = reportOf({ before: { selection, counted: 300 }, after: { selection, counted: 300 } });
    expect(report.streams).to.include({ before: 300, after: 300, meanwhile: 300 });
    expect(report.groups.atLeast).to.deep.equal({ before: true, after: true });
    const destroyed = reportOf({ before: { selection, counted: 300 }, after: null });
    expect(destroyed.streams).to.include({ before: 300, after: 0 });
    expect(destroyed.groups.atLeast).to.deep.equal({ before: true, after: false });
  });

  it('are exact where Terraform subscribes', () => {
    const selection = { managed_by: 'terraform', prefixes: ['/fun/'] };
    const { groups: counted } = reportOf({
      before: { selection, counted: 9 },
      after: { selection, groups: groups(2) },
    });
    expect(counted).to.deep.include({ after: 2, atLeast: { before: false, after: false } });
  });
});

describe('A label of high cardinality', () => {
  const found = (values: readonly string[]) => {
    const after = { groups: groups(values.length, (i) => ({ tag: `${values[i]}` })), labels: { from_tags: ['tag'] } };
    return reportOf({ after }).highCardinality.map(({ label, looksLike, values: count }) => [label, looksLike, count]);
  };
  const many = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i));

  const KINDS: Readonly<Record<string, readonly string[]>> = {
    uuid: ['0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'],
    timestamp: ['2026-11-26T12:00:00Z', '2026-11-26', '20261126', '20261126T120000Z', '1764158400', '1764158400000'],
    version: ['1.4.2', 'v1.4.2', '1.4.2-rc.1', '2026.11.26.1', 'v3.1'],
    hash: ['0f1e2d3', 'd670460b4b4aece5915caf5c68d12f560a9fe3e4'],
  };
  for (const [kind, values] of Object.entries(KINDS))
    for (const value of values)
      it(`is one of values like ${value} (${kind}), even of one`, () =>
        expect(found([value])).to.deep.equal([['tag', kind, 1]]));

  it('is one of many numbers, and none of few', () => {
    expect(found(many(10, (i) => `${420000 + i}`))).to.deep.equal([]);
    expect(found(many(11, (i) => `order-${420000 + i}`))).to.deep.equal([['tag', 'number', 11]]);
  });

  it('is one of more than 50 values of any kind', () => {
    expect(found(many(50, (i) => `team ${i}`))).to.deep.equal([]);
    expect(found(many(51, (i) => `team ${i}`))).to.deep.equal([['tag', null, 51]]);
  });

  it('is named after what half of its values look like', () => {
    expect(found(['1.4.2', 'latest'])).to.deep.equal([['tag', 'version', 2]]);
    expect(found(['1.4.2', 'latest', 'main'])).to.deep.equal([]);
  });

  for (const value of ['checkout', 'eu-central-1', 'python3.12', 'nodejs22.x', '1.4', 'decade', 'facade', '42', 'a1b2'])
    it(`is none of values like ${value}`, () => expect(found([value])).to.deep.equal([]));

  it('is none of those that tell groups and places apart', () => {
    const after = { groups: Object.fromEntries(many(60, (i) => `/f-${i}-0f1e2d3`).map((name) => [name, {}])) };
    expect(reportOf({ after }).highCardinality).to.deep.equal([]);
  });
});

describe('The estimated cost of a preview', () => {
  const costOf = (given: Given) => reportOf(given).cost;

  it('is, for a million deliveries of 20 ms in 256 MB, $0.27 for Lambda and $0.50 for its log', () => {
    const { after } = costOf({ before: null, after: { groups: groups(1) }, gb: 1000, deliveryKb: 1000 });
    expect(after?.lambda).to.be.closeTo(0.2667, 0.0001);
    expect(after?.logs).to.be.closeTo(0.5, 1e-9);
    expect(after?.metrics).to.be.closeTo(2.1, 1e-9);
    expect(after?.alarms).to.be.closeTo(0.8, 1e-9);
    // 8,640 runs of two seconds.
    expect(after?.registrar).to.be.closeTo(0.0593, 0.0001);
    expect(after?.total).to.be.closeTo(3.726, 0.001);
  });

  it('grows with memory, and with a processor of x86', () => {
    const base = { groups: groups(1) };
    const twice = costOf({ before: base, after: { ...base, memory: 512 } });
    expect((twice.after?.lambda ?? 0) - (twice.before?.lambda ?? 0)).to.be.closeTo(500_000 * 6.67e-8, 1e-4);
  });

  it('takes half a GB for each group, in deliveries of 1 KB', () => {
    const { before, after } = costOf({ before: { groups: groups(1) }, after: { groups: groups(2) } });
    expect(before?.logs).to.be.closeTo(0.25, 1e-9);
    expect(after?.logs).to.be.closeTo(0.5, 1e-9);
  });

  it('takes a volume that is given for that after the apply', () => {
    const given = { before: { groups: groups(1) }, after: { groups: groups(2) }, gb: 10 };
    expect(costOf(given).after?.logs).to.be.closeTo(5, 1e-9);
    expect(costOf(given).before?.logs).to.be.closeTo(2.5, 1e-9);
    const destroyed = costOf({ before: { groups: groups(1) }, after: null, gb: 10 });
    expect(destroyed.before?.logs).to.be.closeTo(5, 1e-9);
    expect(destroyed.after).to.equal(null);
  });

  it('is that of what is always there where nothing is shipped', () => {
    expect(costOf({ gb: 10 }).after).to.include({ lambda: 0, logs: 0, metrics: 0 });
  });

  it('is not told where memory is not', () => {
    const unknown = { 'aws_lambda_function.shipper': { memory_size: true } };
    expect(costOf({ unknown })).to.have.property('after', null);
  });

  it('of runs each minute is five times that of each five minutes', () => {
    const { before, after } = costOf({ before: { intervalMinutes: 5 }, after: { intervalMinutes: 1 } });
    expect(after?.registrar).to.be.closeTo(5 * (before?.registrar ?? 0), 1e-9);
  });
});

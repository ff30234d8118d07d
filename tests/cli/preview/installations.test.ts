import { expect } from 'chai';
import { markdown } from '../../../cli/preview/markdown.ts';
import { preview } from '../../../cli/preview/preview.ts';
import { attached, changes, installed, planOf, selectionJson } from './planned.ts';

const ATTACHMENT = 'aws_lambda_invocation.attachment';
const LOG_GROUP = 'aws_cloudwatch_log_group.this[0]';
const state = installed({ groups: { '/a': {} } });
const reports = (...args: Parameters<typeof planOf>) => preview(planOf(...args)).installations;

describe('The installations of a preview', () => {
  it('are none in a plan of other things', () => {
    expect(
      preview(planOf(changes('', {}, { 'aws_s3_bucket.storage': {}, 'aws_lambda_function.shipper': {} }))),
    ).to.deep.include({ installations: [], losesLogs: false });
  });

  it('are found in any module, and in the root, by address', () => {
    const modules = ['module.z["a.b"].module.loki[0]', '', 'module.a'];
    const all = modules.flatMap((module) => changes(module, {}, state));
    expect(reports(all).map(({ module, groups }) => [module, groups.after])).to.deep.equal([
      ['', 1],
      ['module.a', 1],
      ['module.z["a.b"].module.loki[0]', 1],
    ]);
  });

  it('say what they are called, where they are and what becomes of them', () => {
    const place = { name: 'loki-shipper', account: '123456789012', region: 'eu-central-1' };
    const [created] = reports(changes('', {}, state));
    expect(created).to.deep.include({ ...place, change: 'create', managedBy: { before: null, after: 'terraform' } });
    const [destroyed] = reports(changes('', state, {}));
    expect(destroyed).to.deep.include({ ...place, change: 'destroy', managedBy: { before: 'terraform', after: null } });
    expect(reports(changes('', state, state))[0]).to.deep.include({ change: 'none' });
    const registrar = installed({ selection: { managed_by: 'registrar' } });
    const [changed] = reports(changes('', state, registrar));
    expect(changed).to.deep.include({ change: 'update', managedBy: { before: 'terraform', after: 'registrar' } });
  });

  it('have the loss of one lose logs in all', () => {
    const all = [...changes('module.a', state, state), ...changes('module.b', state, installed())];
    expect(preview(planOf(all))).to.include({ losesLogs: true });
  });

  it('tell what comes and goes of prefixes and exclusions', () => {
    const of = (prefixes: readonly string[], excluded: readonly string[]) =>
      installed({ selection: { managed_by: 'terraform', prefixes, excluded } });
    const [report] = reports(changes('', of(['/a', '/c'], ['/x']), of(['/c', '/b'], [])));
    expect(report?.prefixes).to.deep.equal({ added: ['/b'], removed: ['/a'], kept: 1 });
    expect(report?.exclusions).to.deep.equal({ added: [], removed: ['/x'], kept: 0 });
  });

  it('tell nothing of a selection that the plan does not tell', () => {
    const selected = installed({ groups: { '/a': {} }, selection: { managed_by: 'terraform', prefixes: ['/'] } });
    const unknown = { unknown: { 'aws_s3_object.selection': { content: true } } };
    const [report] = reports(changes('', selected, selected, unknown));
    expect(report?.prefixes).to.deep.equal({ added: [], removed: [], kept: 0 });
    expect(report?.changes).to.deep.equal([]);
  });
});

describe('The attachments of a preview', () => {
  it('belong to the installation whose registrar they call, by its name or ARN', () => {
    for (const registrar of [
      'loki-shipper-registrar',
      'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-registrar',
    ]) {
      const attachment = changes('module.team', {}, { [ATTACHMENT]: attached({ logGroup: '/b' }, registrar) });
      expect(reports([...changes('', state, state), ...attachment]).map(({ groups }) => groups.gain)).to.deep.equal([
        1,
      ]);
    }
  });

  it('of an installation in another stack are told of alone', () => {
    const attachment = changes('module.team', {}, { [ATTACHMENT]: attached({ logGroup: '/b' }, 'their-registrar') });
    const [here, elsewhere] = reports([...changes('', state, state), ...attachment]);
    expect(here?.groups.gain).to.equal(0);
    expect(elsewhere).to.deep.include({
      module: null,
      name: 'their',
      account: null,
      change: 'update',
      losses: [],
      managedBy: { before: { hidden: 'elsewhere' }, after: { hidden: 'elsewhere' } },
    });
    expect(elsewhere?.groups).to.deep.include({
      before: 0,
      after: 1,
      gain: 1,
      atLeast: { before: false, after: false },
    });
    expect(elsewhere?.changes[0]?.after).to.deep.equal({
      subscribedBy: 'registrar',
      wantedBy: ['team:1'],
      filterPattern: { hidden: 'elsewhere' },
      tags: {},
      tagsHidden: null,
      labels: null,
      labelsHidden: 'elsewhere',
    });
    expect(elsewhere?.cost.after).to.include({ metrics: 0, alarms: 0, registrar: 0 });
    expect(elsewhere?.cost.after?.lambda).to.be.greaterThan(0);
  });

  it('are guessed of no installation where two have the same name', () => {
    const attachment = changes('module.team', {}, { [ATTACHMENT]: attached({ logGroup: '/b' }) });
    const all = reports([...changes('module.a', state, state), ...changes('module.b', state, state), ...attachment]);
    expect(all.map(({ module, groups }) => [module, groups.gain])).to.deep.equal([
      ['module.a', 0],
      ['module.b', 0],
      [null, 1],
    ]);
  });

  it('are told of without an installation where the plan does not tell whose they are', () => {
    const unknown = { unknown: { [ATTACHMENT]: { function_name: true } } };
    const { function_name: _, ...values } = attached({ logGroup: '/b' });
    const [report] = reports(changes('module.team', {}, { [ATTACHMENT]: values }, unknown));
    expect(report).to.deep.include({ module: null, name: null });
    expect(report?.changes.map(({ logGroup }) => logGroup)).to.deep.equal(['/b']);
  });

  it('of another stack change with their tags, whatever labels these become', () => {
    const [was, is] = ['a', 'b'].map((owner) => ({
      [ATTACHMENT]: attached({ logGroup: '/b', tags: { owner } }, 'their-registrar'),
    }));
    const text = markdown(preview(planOf(changes('module.team', was ?? {}, is ?? {}))));
    expect(text).to.include(
      '| Tag | Before | After | Log groups |\n| --- | --- | --- | --- |\n| `owner` | `a` | `b` | `/b` |',
    );
  });

  it('are none of other functions', () => {
    for (const input of ['', '{', '[]', '{"action":"other","logGroup":"/b"}', '{"logGroup":"/b","tags":{}}']) {
      const other = changes('module.x', {}, { [ATTACHMENT]: { function_name: 'other', input } });
      expect(reports(other).flatMap(({ changes }) => changes)).to.deep.equal([]);
    }
  });

  describe('that are new, whose input is known later,', () => {
    const unknown = { unknown: { [ATTACHMENT]: { input: true } } };
    const attachment = { function_name: 'loki-shipper-registrar' };
    const configured = (expressions: object, variables: object = {}) => ({
      configuration: {
        root_module: {
          module_calls: { teams: { module: { module_calls: { fun: { expressions, module: { variables } } } } } },
        },
      },
    });
    const MODULE = 'module.teams["x.module.y"].module.fun[0]';
    const named = { name: { constant_value: '/b' } };
    const change = (resources: object, configuration: object) =>
      reports(
        changes(MODULE, {}, { [ATTACHMENT]: attachment, ...resources }, unknown),
        configuration as Record<string, unknown>,
      )[0]?.changes[0];

    it('ask for the log group that their module creates', () => {
      const { logGroup, after } = change({ [LOG_GROUP]: { name: '/aws/lambda/b' } }, {}) ?? {};
      expect(logGroup).to.equal('/aws/lambda/b');
      expect(after?.wantedBy).to.deep.equal([MODULE]);
      expect(after?.filterPattern).to.deep.equal({ hidden: 'unknown' });
    });

    it('ask for what the configuration gives to their module', () => {
      const own = { ...named, filter_pattern: { constant_value: 'ERROR' }, tags: { constant_value: { a: 'b' } } };
      expect(change({}, configured(own))).to.deep.include({ logGroup: '/b' });
      expect(change({}, configured(own))?.after).to.deep.include({ filterPattern: 'ERROR' });
      const defaults = { tags: { default: {} }, filter_pattern: {} };
      expect(change({}, configured(named, defaults))?.after?.filterPattern).to.deep.equal({ hidden: 'elsewhere' });
    });

    it('ask for what is not told where it is made of other things', () => {
      expect(change({}, configured({ name: { references: ['each.key'] } }))).to.equal(undefined);
    });

    it('get their tags as labels where those are told', () => {
      const tags = { tags: { constant_value: { owner: 'b' } }, filter_pattern: { constant_value: '' } };
      const all = [
        ...changes(
          '',
          installed({ labels: { from_tags: ['owner'] }, selection: {} }),
          installed({ labels: { from_tags: ['owner'] }, selection: {} }),
        ),
        ...changes(MODULE, {}, { [ATTACHMENT]: attachment }, unknown),
      ];
      const [report] = reports(all, configured({ ...named, ...tags }));
      expect(report?.changes[0]?.after?.labels).to.include({ owner: 'b' });
    });

    it('are not looked into where they are sensitive', () => {
      const marks = { sensitive: { [ATTACHMENT]: { input: true } } };
      const secret = { ...attachment, input: JSON.stringify({ action: 'attach', logGroup: '/secret' }) };
      const [report] = reports(changes(MODULE, {}, { [ATTACHMENT]: secret }, marks), configured(named));
      expect(report?.changes).to.deep.equal([]);
      expect(report?.unknowns.map(({ message }) => message)).to.deep.equal([
        'What an attachment asks for is sensitive, and not shown.',
      ]);
    });
  });

  it('of prefixes ship what the plan names of them', () => {
    const selection = { content: selectionJson({ prefixes: [] }) };
    const all = [
      ...changes(
        '',
        { ...installed(), 'aws_s3_object.selection': selection },
        { ...installed(), 'aws_s3_object.selection': selection },
      ),
      ...changes('module.team', {}, { [ATTACHMENT]: attached({ prefix: '/team/' }) }),
      ...changes(
        'module.new',
        {},
        { 'aws_cloudwatch_log_group.x': { name: '/team/x' }, 'aws_cloudwatch_log_group.y': { name: '/y' } },
      ),
    ];
    expect(reports(all)[0]?.changes.map(({ logGroup, change }) => [logGroup, change])).to.deep.equal([
      ['/team/x', 'gain'],
    ]);
  });
});

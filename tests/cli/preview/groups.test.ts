import { expect } from 'chai';
import { attached, changes, type Given, lookedUp, reportOf } from './planned.ts';

const GROUP = '/aws/lambda/fun-a';
const LOG_GROUP = 'aws_cloudwatch_log_group.a';
const ATTACHMENT = 'aws_lambda_invocation.attachment';
const registrar = (selection: object) => ({ selection: { managed_by: 'registrar', ...selection } });

/** What becomes of the one group, and why it is shipped before and after. */
function changeOf(given: Given) {
  const [change, ...others] = reportOf(given).changes;
  expect(others).to.deep.equal([]);
  if (!change) return undefined;
  const { change: kind, gone, interruption, before, after } = change;
  return { kind, gone, interruption, before: before?.wantedBy, after: after?.wantedBy };
}

const nothing = { gone: false, interruption: null };

describe('A log group of a preview', () => {
  it('gains shipping with a filter', () => {
    expect(changeOf({ after: { groups: { [GROUP]: {} } } })).to.deep.equal({
      kind: 'gain',
      ...nothing,
      before: undefined,
      after: ['terraform'],
    });
  });

  it('loses shipping with its filter', () => {
    expect(changeOf({ before: { groups: { [GROUP]: {} } } })).to.include({ kind: 'lose', gone: false });
  });

  it('is not told of where nothing changes', () => {
    const state = { groups: { [GROUP]: { tags: { a: 'b' } } } };
    expect(changeOf({ before: state, after: state })).to.equal(undefined);
    expect(reportOf({ before: state, after: state }).groups).to.deep.include({ before: 1, after: 1, keep: 1 });
  });

  it('is kept where Terraform only forgets its filter', () => {
    const filter = `aws_cloudwatch_log_subscription_filter.log_groups["${GROUP}"]`;
    expect(changeOf({ before: { groups: { [GROUP]: {} } }, replaced: { [filter]: ['forget'] } })).to.equal(undefined);
  });

  it('names who wants it, where the selection tells', () => {
    const selection = { managed_by: 'terraform', log_groups: { [GROUP]: { tags: {}, filter_pattern: null } } };
    const after = { groups: { [GROUP]: {} }, selection: { ...selection, prefixes: ['/aws/', '/aws/lambda/'] } };
    expect(changeOf({ after })).to.deep.include({ after: ['listed', 'prefix /aws/', 'prefix /aws/lambda/'] });
  });

  describe('that is deleted', () => {
    const before = { groups: { [GROUP]: {} } };

    it('with its filter is gone', () => {
      const others = changes('', { [LOG_GROUP]: { name: GROUP } }, {});
      expect(changeOf({ before, others })).to.include({ kind: 'lose', gone: true });
    });

    it('by Terraform only, and stays in AWS, is not gone', () => {
      const others = changes('', { [LOG_GROUP]: { name: GROUP, skip_destroy: true } }, {});
      expect(changeOf({ before, others })).to.include({ kind: 'lose', gone: false });
    });

    it('before the plan was made, so that its prefix does not find it, is gone', () => {
      expect(changeOf({ before, rest: lookedUp('/aws/lambda/', []) })).to.include({ gone: true });
      expect(changeOf({ before, rest: lookedUp('/aws/lambda/', [GROUP]) })).to.include({ gone: false });
      expect(changeOf({ before, rest: lookedUp('/ecs/', []) })).to.include({ gone: false });
    });

    it('in another region is not gone here', () => {
      const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}`;
      const others = changes('', { [LOG_GROUP]: { name: GROUP, arn } }, {});
      expect(changeOf({ before, others })).to.include({ gone: false });
    });
  });

  describe('is interrupted', () => {
    const state = { groups: { [GROUP]: {} } };
    const filter = `aws_cloudwatch_log_subscription_filter.log_groups["${GROUP}"]`;

    it('when its filter is replaced', () => {
      const given = { before: state, after: state, replaced: { [filter]: ['delete', 'create'] } };
      expect(changeOf(given)).to.include({ kind: 'change', interruption: 'replaced' });
    });

    it('when its new filter has the name of the old one, which is deleted after it', () => {
      const given = { before: state, after: state, replaced: { [filter]: ['create', 'delete'] } };
      expect(changeOf(given)).to.include({ kind: 'change', interruption: 'deleted_last' });
    });

    it('when it is handed over to the registrar', () => {
      const after = registrar({ prefixes: ['/aws/'] });
      expect(changeOf({ before: state, after })).to.deep.equal({
        kind: 'change',
        gone: false,
        interruption: 'handed_over',
        before: ['terraform'],
        after: ['prefix /aws/'],
      });
    });

    it('when it is replaced and its filter is not', () => {
      const group = { [LOG_GROUP]: { name: GROUP } };
      const others = changes('', group, group, { replaced: { [LOG_GROUP]: ['delete', 'create'] } });
      expect(changeOf({ before: state, after: state, others })).to.include({ interruption: 'group_replaced' });
    });

    it('when all that attach it are replaced, and nothing else wants it', () => {
      const one = { [ATTACHMENT]: attached({ logGroup: GROUP }) };
      const others = changes('', one, one, { replaced: { [ATTACHMENT]: ['delete', 'create'] } });
      expect(changeOf({ others })).to.include({ kind: 'change', interruption: 'replaced' });
      const wanted = registrar({ prefixes: ['/aws/'] });
      expect(changeOf({ before: wanted, after: wanted, others })).to.equal(undefined);
    });

    it('not when it is handed over to Terraform, which writes its filter over the one that is there', () => {
      const before = registrar({ prefixes: ['/aws/'] });
      const after = { groups: { [GROUP]: {} }, selection: { managed_by: 'terraform', prefixes: ['/aws/'] } };
      expect(changeOf({ before, after })).to.deep.equal({
        kind: 'change',
        ...nothing,
        before: ['prefix /aws/'],
        after: ['prefix /aws/'],
      });
    });
  });

  describe('that the registrar subscribes', () => {
    const listed = (tags = {}, filter_pattern: string | null = null) => ({
      log_groups: { [GROUP]: { tags, filter_pattern } },
    });

    it('gains and loses shipping with the list', () => {
      expect(changeOf({ before: registrar({}), after: registrar(listed()) })).to.deep.include({
        kind: 'gain',
        after: ['listed'],
      });
      expect(changeOf({ before: registrar(listed()), after: registrar({}) })).to.include({ kind: 'lose' });
    });

    it('is kept by a prefix when it is no longer listed', () => {
      const after = registrar({ prefixes: ['/aws/'] });
      expect(changeOf({ before: registrar(listed()), after })).to.deep.include({
        kind: 'change',
        before: ['listed'],
        after: ['prefix /aws/'],
      });
    });

    it('has the filter pattern and the tags of all, unless it has its own', () => {
      const all = { filter_pattern: 'ERROR', log_group_tags: { owner: 'all', place: 'here' } };
      const state = (selection: object) => ({ labels: { from_tags: ['owner', 'place'] }, ...registrar(selection) });
      const shipped = (selection: object) =>
        reportOf({ before: registrar({}), after: state(selection) }).changes[0]?.after;
      expect(shipped({ ...all, ...listed() })).to.deep.include({ filterPattern: 'ERROR' });
      expect(shipped({ ...all, ...listed() })?.labels).to.include({ owner: 'all', place: 'here' });
      expect(shipped({ ...all, ...listed({ owner: 'own' }, '') })).to.deep.include({ filterPattern: '' });
      expect(shipped({ ...all, ...listed({ owner: 'own' }, '') })?.labels).to.include({ owner: 'own', place: 'here' });
    });

    it('is found by a prefix where the configuration creates it', () => {
      const others = changes('', {}, { [LOG_GROUP]: { name: GROUP } });
      const state = registrar({ prefixes: ['/aws/'] });
      expect(changeOf({ before: state, after: state, others })).to.deep.include({
        kind: 'gain',
        after: ['prefix /aws/'],
      });
      const excluded = registrar({ prefixes: ['/aws/'], excluded: ['*-a'] });
      expect(changeOf({ before: excluded, after: excluded, others })).to.equal(undefined);
    });

    it('is followed by the registrar where Terraform subscribes, too', () => {
      const others = changes('', {}, { [LOG_GROUP]: { name: GROUP } });
      const state = (follow: boolean) => ({ selection: { managed_by: 'terraform', prefixes: ['/aws/'], follow } });
      expect(changeOf({ before: state(true), after: state(true), others })).to.deep.include({ kind: 'gain' });
      expect(changeOf({ before: state(false), after: state(false), others })).to.equal(undefined);
    });

    it('may lose shipping where the plan does not tell what is selected', () => {
      const unknown = { 'aws_s3_object.selection': { content: true } };
      const given = { before: registrar(listed()), after: registrar(listed()), unknown };
      expect(changeOf(given)).to.include({ kind: 'unknown' });
      expect(reportOf(given).unknowns.map(({ message }) => message)).to.deep.equal([
        'What the registrar subscribes is known only after the apply.',
        'Whether 1 log group stays shipped is known only after the apply.',
      ]);
      expect(reportOf(given).losses).to.deep.equal([]);
    });

    it('is Terraform’s for certain where that has filters, whatever the selection is', () => {
      const before = { groups: { [GROUP]: {}, '/b': {} }, selection: { managed_by: 'terraform' } };
      const after = { groups: { '/b': {} }, selection: { managed_by: 'terraform' } };
      const given = { before, after, unknown: { 'aws_s3_object.selection': { content: true } } };
      expect(changeOf(given)).to.include({ kind: 'lose' });
    });

    it('is not told of where the selection is of another version', () => {
      const given = { before: registrar(listed()), after: registrar({ ...listed(), version: 2 }) };
      expect(changeOf(given)).to.include({ kind: 'unknown' });
      expect(reportOf(given).unknowns[0]?.message).to.equal(
        'What the registrar subscribes is nothing that this version of loki-shipper can read.',
      );
    });
  });

  describe('that a stack attaches', () => {
    it('gains shipping, and loses it when nothing else wants it', () => {
      const one = { [ATTACHMENT]: attached({ logGroup: GROUP, claimant: 'team:1' }) };
      expect(changeOf({ others: changes('module.a', {}, one) })).to.deep.include({ kind: 'gain', after: ['team:1'] });
      expect(changeOf({ others: changes('module.a', one, {}) })).to.include({ kind: 'lose', gone: false });
    });

    it('is shipped on when a prefix finds it', () => {
      const one = { [ATTACHMENT]: attached({ logGroup: GROUP }) };
      const state = registrar({ prefixes: ['/aws/'] });
      expect(changeOf({ before: state, after: state, others: changes('', one, {}) })).to.deep.include({
        kind: 'change',
        before: ['prefix /aws/', 'team:1'],
        after: ['prefix /aws/'],
      });
    });

    it('is not shipped where it is excluded', () => {
      const state = registrar({ excluded: ['/aws/*'] });
      const one = { [ATTACHMENT]: attached({ logGroup: GROUP }) };
      expect(changeOf({ before: state, after: state, others: changes('', {}, one) })).to.equal(undefined);
    });

    it('goes to another group with the attachment', () => {
      const others = changes(
        '',
        { [ATTACHMENT]: attached({ logGroup: GROUP }) },
        { [ATTACHMENT]: attached({ logGroup: '/b' }) },
      );
      expect(reportOf({ others }).changes.map(({ logGroup, change }) => [logGroup, change])).to.deep.equal([
        [GROUP, 'lose'],
        ['/b', 'gain'],
      ]);
    });

    it('has the pattern of the attachment, unless two differ', () => {
      const state = registrar({ filter_pattern: 'all' });
      const pattern = (...patterns: (string | null)[]) => {
        const all = patterns.flatMap((filterPattern, i) =>
          changes(`module.m${i}`, {}, { [ATTACHMENT]: attached({ logGroup: GROUP, claimant: `${i}`, filterPattern }) }),
        );
        return reportOf({ before: state, after: state, others: all }).changes[0]?.after?.filterPattern;
      };
      expect(pattern(null)).to.equal('all');
      expect(pattern('own')).to.equal('own');
      expect(pattern('own', 'own')).to.equal('own');
      expect(pattern('own', 'other')).to.deep.equal({ hidden: 'unknown' });
    });

    it('has the tags of all attachments, unless two differ', () => {
      const state = { labels: { from_tags: ['a', 'b'] }, ...registrar({}) };
      const labels = (...tags: object[]) => {
        const all = tags.flatMap((some, i) =>
          changes(`module.m${i}`, {}, { [ATTACHMENT]: attached({ logGroup: GROUP, claimant: `${i}`, tags: some }) }),
        );
        return reportOf({ before: state, after: state, others: all }).changes[0]?.after;
      };
      expect(labels({ a: '1' }, { b: '2' })?.labels).to.include({ a: '1', b: '2' });
      expect(labels({ a: '1' }, { a: '2' })).to.include({ labels: null, labelsHidden: 'unknown' });
    });
  });
});

import { expect } from 'chai';
import type { LogGroup } from '../../../function/aws/log-groups.ts';
import type { Claim } from '../../../function/registry/claims.ts';
import { parseSelection } from '../../../function/registry/selection.ts';
import { type Entry, UNKNOWN } from '../../../function/registry/state.ts';
import { type StockProps, takeStock } from '../../../function/registry/stock.ts';
import { SELECTION } from '../../support/registry-scene.ts';

const group = (name: string, changes: Partial<LogGroup> = {}): LogGroup => ({
  name,
  logClass: 'STANDARD',
  createdAt: 1,
  ...changes,
});
const listed = { tags: {}, filter_pattern: null };
const NOW = 1_000_000;

function given(
  names: readonly (string | LogGroup)[],
  selection: Partial<typeof SELECTION>,
  entries: Readonly<Record<string, Partial<Entry>>> = {},
  props: Partial<StockProps> = {},
) {
  const groups = new Map(Object.entries(entries).map(([name, entry]) => [name, { ...UNKNOWN, ...entry }]));
  const found = new Map(names.map((one) => (typeof one === 'string' ? group(one) : one)).map((one) => [one.name, one]));
  const stock = takeStock(groups, {
    selection: parseSelection(JSON.stringify({ ...SELECTION, ...selection })),
    claims: [],
    found,
    asked: false,
    region: 'eu-central-1',
    now: NOW,
    ...props,
  });
  const wanted = [...stock.wanted].map(([name, { mayAdd }]) => (mayAdd ? name : `${name}, as it is`));
  return { groups, wanted, selected: stock.selected };
}

describe('Stock', () => {
  it('has the groups that are wanted and there', () => {
    const { wanted, groups, selected } = given(['/a', '/b', '/c/1'], {
      log_groups: { '/a': listed },
      prefixes: ['/c/'],
    });
    expect(wanted).to.deep.equal(['/a', '/c/1']);
    expect(selected).to.equal(2);
    expect(groups.get('/a')).to.deep.equal({ ...UNKNOWN, createdAt: 1 });
  });

  it('says what is missing, and that a group of another class cannot be shipped', () => {
    const claim: Claim = {
      target: { kind: 'group', name: '/claimed' },
      claimant: 'x',
      tags: {},
      filterPattern: null,
      at: '',
    };
    const { wanted, groups, selected } = given(
      [group('/ia', { logClass: 'INFREQUENT_ACCESS' })],
      { log_groups: { '/gone': listed, '/out': listed }, prefixes: ['/'], excluded: ['/out'] },
      { '/gone': { by: 'registrar', seen: true } },
      { claims: [claim] },
    );
    expect(wanted).to.deep.equal([]);
    expect(selected).to.equal(0);
    const problems = [...groups].map(([name, entry]) => [name, entry.problem?.message, entry.by]);
    expect(problems).to.deep.equal([
      [
        '/ia',
        'Log group /ia is of the class INFREQUENT_ACCESS, and AWS lets only those of the class STANDARD be subscribed to: leave it out, or create it anew as one.',
        null,
      ],
      ['/gone', 'Log group /gone does not exist in eu-central-1: create it, or no longer ask for it.', null],
      ['/claimed', 'Log group /claimed does not exist in eu-central-1: create it, or no longer ask for it.', null],
    ]);
  });

  it('forgets what was said of a group when it is no longer so', () => {
    const problem = { problem: 'missing', message: '', at: 1 } as const;
    const { groups } = given(['/a'], { prefixes: ['/'] }, { '/a': { problem }, '/b': { problem } });
    expect([...groups]).to.deep.equal([['/a', { ...UNKNOWN, createdAt: 1 }]]);
  });

  it('forgets groups that are no more, and what was known of one that was created anew', () => {
    const known = { by: 'registrar', seen: true, tags: { owner: 'x' }, createdAt: 1 } as const;
    const { groups } = given(
      ['/same', group('/anew', { createdAt: 2 }), group('/unknown', { createdAt: null })],
      { prefixes: ['/'] },
      { '/same': known, '/anew': known, '/unknown': known, '/gone': known },
    );
    expect([...groups.keys()]).to.have.members(['/same', '/anew', '/unknown']);
    expect(groups.get('/same')).to.deep.include(known);
    expect(groups.get('/unknown')).to.deep.include(known);
    expect(groups.get('/anew')).to.deep.equal({ ...UNKNOWN, createdAt: 2 });
  });

  it('looks again and again at a group whose filter is no longer Terraform’s', () => {
    const selection = { log_groups: { '/a': listed }, managed_by: 'terraform' as const };
    const known = { seen: true, by: 'terraform', ofTerraform: true } as const;
    expect(given(['/a'], selection, { '/a': known }).groups.get('/a')?.unsettledUntil).to.equal(0);
    const unsettled = given(['/a'], { log_groups: { '/a': listed } }, { '/a': known }).groups.get('/a');
    expect(unsettled).to.include({ ofTerraform: false, unsettledUntil: NOW + 900_000 });
  });

  describe('with too many groups', () => {
    it('keeps those that are subscribed, and adds none', () => {
      const { wanted, selected } = given(
        ['/a', '/b', '/c'],
        { prefixes: ['/'], max_log_groups: 2 },
        { '/b': { by: 'terraform' } },
      );
      expect(wanted).to.deep.equal(['/b, as it is']);
      expect(selected).to.equal(3);
    });

    it('does not count what cannot be shipped', () => {
      const ia = group('/c', { logClass: 'INFREQUENT_ACCESS' });
      expect(given(['/a', '/b', ia], { prefixes: ['/'], max_log_groups: 2 }).wanted).to.deep.equal(['/a', '/b']);
    });
  });

  describe('without follow_log_groups', () => {
    const selection = { prefixes: ['/p/'], log_groups: { '/a': listed }, follow: false };

    it('leaves out what is born under a prefix, where the registrar manages', () => {
      expect(given(['/a', '/p/new'], selection).wanted).to.deep.equal(['/a']);
    });

    it('has what is there when Terraform asks, and keeps it', () => {
      const { wanted, groups } = given(['/a', '/p/old'], selection, {}, { asked: true });
      expect(wanted).to.deep.equal(['/a', '/p/old']);
      expect(given(['/a', '/p/old', '/p/new'], selection, Object.fromEntries(groups)).wanted).to.deep.equal([
        '/a',
        '/p/old',
      ]);
    });

    it('only sees after groups under a prefix, where Terraform subscribes them', () => {
      const { wanted } = given(['/a', '/p/x'], { ...selection, managed_by: 'terraform' }, {}, { asked: true });
      expect(wanted).to.deep.equal(['/a', '/p/x, as it is']);
    });
  });
});

import { expect } from 'chai';
import { type Entry, UNKNOWN } from '../../../function/registry/state.ts';
import type { Stocked } from '../../../function/registry/stock.ts';
import { planTasks, type Task, type TasksProps } from '../../../function/registry/tasks.ts';

const WANTED: Stocked = {
  filterPattern: '',
  tags: {},
  ofTerraform: false,
  tagsOfTerraform: {},
  wantedBy: ['listed'],
  onlyByPrefix: false,
  mayAdd: true,
};
/** Subscribed, and all is known of it. */
const FINE: Entry = { ...UNKNOWN, by: 'registrar', filterPattern: '', seen: true, tags: {} };
const NOW = 1_000;

function given(
  entries: Readonly<Record<string, Partial<Entry>>>,
  wanted: Readonly<Record<string, Partial<Stocked>>> = {},
  props: Partial<TasksProps> = {},
  cursors = { verified: '', read: '' },
) {
  return planTasks(
    { groups: new Map(Object.entries(entries).map(([name, entry]) => [name, { ...FINE, ...entry }])), ...cursors },
    {
      managedBy: 'registrar',
      wanted: new Map(Object.entries(wanted).map(([name, one]) => [name, { ...WANTED, ...one }])),
      oneByOne: false,
      now: NOW,
      ...props,
    },
  );
}

const shown = ({ name, look, wanted }: Task) =>
  `${wanted ? '' : 'leave '}${name}:${look.filter ? ' filter' : ''}${look.tags ? ' tags' : ''}`;
const namesOf = (tasks: readonly Task[]) => tasks.map(({ name }) => name);
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`/${String(i).padStart(3, '0')}`, {}]));

describe('The tasks of a run', () => {
  const DUE: Readonly<Record<string, readonly [Partial<Entry>, Partial<Stocked>, string | undefined]>> = {
    'nothing of a group that is as it should be': [{}, {}, undefined],
    'all of one that nobody looked at': [{ seen: false }, {}, '/a: filter tags'],
    'the filter of one that has none': [{ by: null }, {}, '/a: filter'],
    'nothing of one that has none and may get none': [{ by: null }, { mayAdd: false }, undefined],
    'the filter whose pattern is another': [{}, { filterPattern: 'E' }, '/a: filter'],
    'nothing of a pattern that is Terraform’s': [{ by: 'terraform' }, { filterPattern: 'E' }, undefined],
    'tags that are not known': [{ tags: null }, {}, '/a: tags'],
    'tags that are missing or other': [{ tags: { owner: 'y' } }, { tags: { owner: 'x' } }, '/a: tags'],
    'tags that nobody asks for any more': [{ tags: { old: '1' }, written: { old: ['1'] } }, {}, '/a: tags'],
    'nothing of tags that somebody changed since': [{ tags: { old: '2' }, written: { old: ['1'] } }, {}, undefined],
    'nothing of tags that Terraform writes': [
      { by: 'terraform', tags: {} },
      { tags: { owner: 'x' }, tagsOfTerraform: { owner: 'x' } },
      undefined,
    ],
    'all of one where a call failed': [{ problem: { problem: 'failed', message: '', at: 0 } }, {}, '/a: filter tags'],
    'the filter and the tags that Terraform may be taking away': [{ unsettledUntil: NOW + 1 }, {}, '/a: filter tags'],
    'nothing of one that has settled': [{ unsettledUntil: NOW }, {}, undefined],
  };
  for (const [what, [entry, wanted, task]] of Object.entries(DUE))
    it(`are ${what}`, () => {
      expect(given({ '/a': entry }, { '/a': wanted }).due.map(shown)).to.deep.equal(task ? [task] : []);
    });

  it('are to leave what nobody asks for, where there is something to take back', () => {
    const entries = {
      '/both': { written: { owner: ['x'] } },
      '/filter': {},
      '/theirs': { by: 'terraform' },
      '/missing': { problem: { problem: 'missing', message: '', at: 0 } },
    } as const;
    expect(given(entries, {}, { managedBy: 'terraform' }).due.map(shown)).to.deep.equal([
      'leave /both: filter tags',
      'leave /filter: filter',
      'leave /theirs:',
    ]);
    expect(given(entries).due.map(shown)).to.include('leave /theirs: filter');
  });

  it('are to try again, some in a run, those whose problem somebody else has to solve: the oldest first', () => {
    const names = Object.keys(many(30));
    const stuck = (at: number) => ({ problem: { problem: 'filter_limit', message: '', at } }) as const;
    const entries = Object.fromEntries(names.map((name, i) => [name, { by: null, ...stuck(100 - i) }]));
    const { due, retried, verified } = given(entries, many(30));
    expect(due).to.deep.equal([]);
    expect(namesOf(retried)).to.deep.equal(names.slice(10).reverse());
    expect(verified).to.deep.equal([]);
  });

  it('are to verify some that are known, one after the other', () => {
    const names = Object.keys(many(30));
    const verifiedAfter = (name: string) =>
      namesOf(given(many(30), many(30), {}, { verified: name, read: '' }).verified);
    expect(verifiedAfter('')).to.deep.equal(names.slice(0, 20));
    expect(verifiedAfter('/019')).to.deep.equal([...names.slice(20), ...names.slice(0, 10)]);
    expect(verifiedAfter('/029')).to.deep.equal(names.slice(0, 20));
    expect(shown(given({ '/a': {} }, { '/a': {} }).verified[0] as Task)).to.equal('/a: filter tags');
  });

  it('are to read tags one by one where they cannot be read together, each group once', () => {
    const { read, verified } = given(many(400), many(400), { oneByOne: true }, { verified: '', read: '/009' });
    expect(namesOf(verified)[0]).to.equal('/000');
    expect(namesOf(read).slice(0, 2)).to.deep.equal(['/020', '/021']);
    expect(read).to.have.length(290);
    expect(shown(read[0] as Task)).to.equal('/020: tags');
    expect(given(many(400), many(400)).read).to.deep.equal([]);
  });
});

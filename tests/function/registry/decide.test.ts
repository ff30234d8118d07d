import { expect } from 'chai';
import { type Circumstances, decide, type Observation, type SeenFilter } from '../../../function/registry/decide.ts';
import { type Entry, UNKNOWN } from '../../../function/registry/state.ts';
import type { Wanted } from '../../../function/registry/wanted.ts';

const WANTED: Wanted = {
  filterPattern: '',
  tags: {},
  ofTerraform: false,
  tagsOfTerraform: {},
  wantedBy: ['listed'],
  onlyByPrefix: false,
};
const NONE: SeenFilter = { kind: 'none' };
const FOREIGN: SeenFilter = { kind: 'foreign', destination: 'theirs' };
const ours = (pattern = ''): SeenFilter => ({ kind: 'ours', pattern });
const BY_REGISTRAR: Entry = { ...UNKNOWN, by: 'registrar', filterPattern: '', seen: true };
const BY_TERRAFORM: Entry = { ...BY_REGISTRAR, by: 'terraform' };

const given = (
  before: Entry,
  wanted: Partial<Wanted> | undefined,
  observed: Observation,
  circumstances: Partial<Circumstances> = {},
) =>
  decide(before, wanted && { ...WANTED, ...wanted }, observed, {
    managedBy: 'terraform',
    mayAdd: true,
    now: 5,
    ...circumstances,
  });
const NOTHING = { put: null, remove: false, tag: {}, untag: [] };

describe('What is done to a wanted log group', () => {
  it('is to put the filter that is missing, unless it may get none', () => {
    expect(given(UNKNOWN, { filterPattern: 'E' }, { filter: NONE }).effects).to.deep.equal({ ...NOTHING, put: 'E' });
    expect(given(UNKNOWN, {}, { filter: NONE }, { mayAdd: false }).effects).to.deep.equal(NOTHING);
  });

  it('is to put the filter again that was there, whoever put it, also where none may be added', () => {
    for (const before of [BY_REGISTRAR, BY_TERRAFORM])
      expect(given(before, {}, { filter: NONE }, { mayAdd: false }).effects).to.deep.equal({ ...NOTHING, put: '' });
  });

  it('is nothing when the filter is there, which is somebody else’s unless the registrar put it', () => {
    const { entry, effects } = given(UNKNOWN, {}, { filter: ours() });
    expect(entry).to.deep.equal(BY_TERRAFORM);
    expect(effects).to.deep.equal(NOTHING);
    expect(given({ ...BY_REGISTRAR, seen: false }, {}, { filter: ours() }).entry).to.deep.equal(BY_REGISTRAR);
  });

  it('is nothing where a filter has our name and another destination', () => {
    for (const before of [UNKNOWN, BY_REGISTRAR]) {
      const { entry, effects } = given(before, { tags: { owner: 'x' } }, { filter: FOREIGN, tags: {} });
      expect(entry).to.include({ by: null, filterPattern: null, seen: true });
      expect(effects).to.deep.equal(NOTHING);
    }
  });

  it('is to change the pattern of a filter of the registrar, and of no other', () => {
    const wanted = { filterPattern: 'NEW' };
    expect(given(BY_REGISTRAR, wanted, { filter: ours('OLD') }).effects.put).to.equal('NEW');
    expect(given(BY_TERRAFORM, wanted, { filter: ours('OLD') })).to.deep.include({ effects: NOTHING });
    expect(given(BY_TERRAFORM, wanted, { filter: ours('OLD') }).entry.filterPattern).to.equal('OLD');
  });

  it('is the registrar’s business alone where it manages', () => {
    const { entry, effects } = given(UNKNOWN, { filterPattern: 'NEW' }, { filter: ours() }, { managedBy: 'registrar' });
    expect(entry.by).to.equal('registrar');
    expect(effects.put).to.equal('NEW');
  });

  it('is to write the tags that are missing or other, and to leave those of others', () => {
    const tags = { owner: 'x', sut: 'y' };
    const observed = { filter: NONE, tags: { owner: 'somebody', sut: 'y', billing: 'theirs' } };
    const { entry, effects } = given(UNKNOWN, { tags }, observed);
    expect(effects.tag).to.deep.equal({ owner: 'x' });
    expect(entry).to.deep.include({ tags: observed.tags, readAt: 5 });
  });

  it('is to write no tags where there is no filter and may be none', () => {
    const { effects } = given(UNKNOWN, { tags: { owner: 'x' } }, { filter: NONE, tags: {} }, { mayAdd: false });
    expect(effects).to.deep.equal(NOTHING);
  });

  it('is to leave to Terraform the tags of a group that it subscribed, and to write those of one that it did not', () => {
    const wanted = { tags: { owner: 'x', sut: 'y' }, tagsOfTerraform: { owner: 'x' } };
    expect(given(BY_TERRAFORM, wanted, { tags: {} }).effects.tag).to.deep.equal({ sut: 'y' });
    expect(given(BY_REGISTRAR, wanted, { tags: {} }).effects.tag).to.deep.equal({ owner: 'x', sut: 'y' });
  });

  it('is to put right a tag of Terraform in whose place it wrote another value, and no other', () => {
    const wanted = { tags: { owner: 'x', team: 'y' }, tagsOfTerraform: { owner: 'x', team: 'y' } };
    const before = { ...BY_TERRAFORM, written: { owner: ['old'], team: ['old'] } };
    const observed = { filter: ours(), tags: { owner: 'old', team: 'theirs' } };
    expect(given(before, wanted, observed).effects).to.deep.equal({ ...NOTHING, tag: { owner: 'x' } });
  });

  it('is to remove tags that it wrote and nobody asks for any more, if they still have the value', () => {
    const before = { ...BY_REGISTRAR, written: { old: ['1'], changed: ['1'], wanted: ['1'] } };
    const observed = { tags: { old: '1', changed: '2', wanted: '1', foreign: '1' } };
    expect(given(before, { tags: { wanted: '1' } }, observed).effects).to.deep.equal({ ...NOTHING, untag: ['old'] });
  });
});

describe('What is done to a log group that nobody asks for', () => {
  it('is to remove the filter of the registrar, and what it wrote of tags', () => {
    const before = { ...BY_REGISTRAR, written: { owner: ['x'] } };
    expect(given(before, undefined, { filter: ours(), tags: { owner: 'x', billing: 'theirs' } }).effects).to.deep.equal(
      {
        ...NOTHING,
        remove: true,
        untag: ['owner'],
      },
    );
  });

  for (const [what, filter] of Object.entries({ none: NONE, foreign: FOREIGN }))
    it(`is nothing when its filter is ${what}`, () => {
      expect(given(BY_REGISTRAR, undefined, { filter }).effects).to.deep.equal(NOTHING);
    });

  it('is to leave a filter that somebody else put', () => {
    for (const before of [UNKNOWN, BY_TERRAFORM])
      expect(given(before, undefined, { filter: ours() }).effects).to.deep.equal(NOTHING);
  });
});

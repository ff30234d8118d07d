import { expect } from 'chai';
import { readAllTags } from '../../../function/registry/all-tags.ts';
import { Caller } from '../../../function/registry/caller.ts';
import { emptyState, UNKNOWN } from '../../../function/registry/state.ts';
import { FakeAccount, type FakeAccountProps } from '../../support/fake-account.ts';

/** An account with so many tagged groups, all of which have an entry without tags. */
function given(count: number, props: FakeAccountProps = {}) {
  const fake = new FakeAccount(props);
  const state = emptyState();
  for (let i = 0; i < count; i++) {
    fake.create(`/${i}`, { owner: `${i}` });
    state.groups.set(`/${i}`, UNKNOWN);
  }
  const { account } = fake.session();
  const read = () => readAllTags(state, account, new Caller(fake.clock, fake.clock.now() + 240_000));
  const known = () => [...state.groups.values()].filter(({ tags }) => tags !== null).length;
  return { fake, state, read, known };
}

describe('The tags of all groups', () => {
  it('are read by the hundred', async () => {
    const { fake, read, state, known } = given(250);
    expect(await read()).to.equal(true);
    expect(known()).to.equal(250);
    expect(state.groups.get('/7')).to.deep.equal({ ...UNKNOWN, tags: { owner: '7' } });
    expect(fake.counts).to.deep.equal({ 'tag:GetResources': 3 });
    expect(state.tagCursor).to.equal(null);
  });

  it('are read over several runs where there are many, each time where the last one stopped', async () => {
    const { fake, read, known, state } = given(7_000);
    await read();
    expect(known()).to.equal(5_000);
    await fake.clock.delay(300_000);
    await read();
    expect(known()).to.equal(7_000);
    expect(fake.counts).to.deep.equal({ 'tag:GetResources': 70 });
    expect(state.tagCursor).to.equal(null);
  }).timeout(10_000);

  it('are read in one run when AWS has forgotten where the last one stopped', async () => {
    const { fake, read, known } = given(7_000);
    await read();
    await fake.clock.delay(16 * 60_000);
    expect(await read()).to.equal(true);
    expect(known()).to.equal(7_000);
    expect(fake.counts).to.deep.equal({ 'tag:GetResources': 50 + 1 + 70 });
  }).timeout(10_000);

  it('keep what is known of groups that are not among them', async () => {
    const { fake, read, state } = given(1);
    fake.create('/untagged');
    fake.create('/late', {});
    state.groups.set('/untagged', { ...UNKNOWN, tags: { known: '1' } });
    await read();
    expect(state.groups.get('/untagged')?.tags).to.deep.equal({ known: '1' });
    expect(state.groups.has('/late')).to.equal(false);
  });

  it('are none of a group that once had some', async () => {
    const { fake, read, state } = given(1);
    fake.tag('/0', {});
    await read();
    expect(state.groups.get('/0')?.tags).to.deep.equal({});
  });

  it('are older than what was read from the group itself, for ten minutes', async () => {
    const { fake, read, state } = given(1, { lagMs: 8 * 60_000 });
    await fake.clock.delay(10 * 60_000);
    fake.tag('/0', { owner: 'new' });
    state.groups.set('/0', { ...UNKNOWN, tags: { owner: 'new' }, readAt: fake.clock.now() });
    for (let minutes = 0; minutes < 30; minutes += 5) {
      await read();
      expect(state.groups.get('/0')?.tags, `after ${minutes} minutes`).to.deep.equal({ owner: 'new' });
      await fake.clock.delay(5 * 60_000);
    }
  });

  for (const fault of ['denied', 'throttled'] as const)
    it(`cannot be read when the calls are ${fault}, and what is known stays`, async () => {
      const { fake, read, state } = given(1);
      state.groups.set('/0', { ...UNKNOWN, tags: { known: '1' } });
      fake.fault = () => fault;
      expect(await read()).to.equal(false);
      expect(state.groups.get('/0')?.tags).to.deep.equal({ known: '1' });
      expect(fake.counts['tag:GetResources']).to.equal(fault === 'denied' ? 1 : 5);
    });
});

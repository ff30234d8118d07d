import { expect } from 'chai';
import { readState } from '../../../function/registry/memory.ts';
import { FakeTerraform } from '../../support/fake-terraform.ts';
import { NAME, RegistryScene, type SELECTION } from '../../support/registry-scene.ts';
import { failure } from '../failure.ts';

const THEIRS = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: '' };
const NO_CHANGES = { subscribed: [], unsubscribed: [], tagged: [], untagged: [] };

async function given(selection: Partial<typeof SELECTION> = {}): Promise<RegistryScene> {
  const scene = new RegistryScene();
  for (const name of ['/a', '/b']) scene.fake.create(name, { billing: 'theirs' });
  await scene.select(selection);
  return scene;
}

const claims = ({ fake }: RegistryScene) => [...fake.bucket.content.keys()].filter((key) => key.includes('attach'));

/** What Terraform sends: the provider adds `tf`. */
const byTerraform = (action: string, request: object, before: object | null = null) => ({
  action: 'attach',
  claimant: 'stack',
  tags: {},
  filterPattern: null,
  ...request,
  tf: { action, prev_input: before && { action: 'attach', claimant: 'stack', ...before } },
});

describe('Attaching a log group', () => {
  it('subscribes and tags it at once, without the lease', async () => {
    const scene = await given();
    const running = scene.run();
    await scene.fake.clock.delay(100);
    expect(await scene.attach({ logGroup: '/a', tags: { owner: 'x' }, filterPattern: 'ERROR' })).to.deep.equal({
      target: '/a',
      ok: true,
      error: null,
      ...NO_CHANGES,
      subscribed: ['/a'],
      tagged: ['/a'],
      wantedBy: ['cli'],
    });
    await running;
    expect(scene.subscribed).to.deep.equal({ '/a': 'ERROR' });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'x' });
  });

  it('is remembered, so that runs keep it', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a' });
    await scene.run();
    scene.fake.groups.get('/a')?.filters.clear();
    expect(await scene.run()).to.deep.include({ subscribed: ['/a'], groups: 1 });
    expect((await readState(scene.fake.bucket)).groups.get('/a')).to.include({ by: 'registrar' });
  });

  it('changes nothing when it is done again', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a', tags: { owner: 'x' } });
    expect(await scene.attach({ logGroup: '/a', tags: { owner: 'x' } })).to.deep.include({ ok: true, ...NO_CHANGES });
    expect(claims(scene)).to.have.length(1);
  });

  it('changes tags and pattern when they are others, and stays as old as it was', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a', claimant: 'old', tags: { owner: 'x', sut: 'y' }, filterPattern: 'A' });
    await scene.pass();
    await scene.attach({ logGroup: '/a', claimant: 'young', tags: { owner: 'z' }, filterPattern: 'B' });
    await scene.pass();
    const changed = { logGroup: '/a', claimant: 'old', tags: { owner: 'w' }, filterPattern: 'C' };
    expect(await scene.attach(changed)).to.deep.include({
      subscribed: ['/a'],
      tagged: ['/a'],
      untagged: ['/a'],
      wantedBy: ['old', 'young'],
    });
    expect(scene.subscribed).to.deep.equal({ '/a': 'C' });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'w' });
  });

  it('leaves the filter of Terraform as it is, and says who else asks', async () => {
    const scene = await given();
    const listed = { '/a': { tags: { owner: 'x' }, filter_pattern: 'ALL' } };
    await new FakeTerraform(scene).apply({ managed_by: 'terraform', log_groups: listed, prefixes: ['/a'] });
    const claim = { logGroup: '/a', tags: { owner: 'y', sut: 'z' }, filterPattern: 'ERROR' };
    expect(await scene.attach(claim)).to.deep.include({
      ...NO_CHANGES,
      tagged: ['/a'],
      wantedBy: ['listed', 'prefix /a', 'cli'],
    });
    expect(scene.subscribed).to.deep.equal({ '/a': 'ALL' });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'x', sut: 'z' });
    expect(await scene.detach({ logGroup: '/a' })).to.deep.include({ unsubscribed: [], untagged: ['/a'] });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'x' });
  });

  it('only says what it would do when it is dry', async () => {
    const scene = await given();
    expect(await scene.attach({ logGroup: '/a', tags: { owner: 'x' }, dryRun: true })).to.deep.include({
      ok: true,
      subscribed: ['/a'],
      tagged: ['/a'],
      wantedBy: ['cli'],
    });
    expect(scene.subscribed).to.deep.equal({});
    expect(claims(scene)).to.deep.equal([]);
  });

  const REFUSED: Readonly<Record<string, readonly [(scene: RegistryScene) => unknown, object, RegExp]>> = {
    'a group that is not there': [
      () => {},
      { logGroup: '/gone' },
      /^Log group \/gone does not exist in eu-central-1: /,
    ],
    'a group of another class': [
      ({ fake }) => fake.create('/a', {}, 'INFREQUENT_ACCESS'),
      { logGroup: '/a' },
      /^Log group \/a is of the class INFREQUENT_ACCESS/,
    ],
    'a group with a filter of our name that leads elsewhere': [
      ({ fake }) => fake.groups.get('/a')?.filters.set(NAME, THEIRS),
      { logGroup: '/a' },
      /^Log group \/a has a subscription filter loki-shipper to arn:.*:theirs, which stays as it is/,
    ],
    'a group that is excluded': [
      (scene) => scene.select({ excluded: ['/a*'] }),
      { logGroup: '/a' },
      /^Log group \/a is one of the module's own, or excluded by excluded_log_groups\.$/,
    ],
    'more groups than are allowed': [
      (scene) => scene.select({ max_log_groups: 0 }),
      { logGroup: '/a' },
      /^0 log groups are subscribed, and max_log_groups is 0: allow for more before \/a is attached\.$/,
    ],
    'anything before the first apply': [
      ({ fake }) => fake.bucket.remove('registry/selection.json'),
      { logGroup: '/a' },
      /^registry\/selection\.json is not there: the module's terraform apply writes it, and has to be through first\.$/,
    ],
  };
  for (const [what, [prepare, request, error]] of Object.entries(REFUSED))
    it(`is refused in one sentence, and not remembered: ${what}`, async () => {
      const scene = await given();
      await prepare(scene);
      const before = scene.foreign(() => true);
      const answer = await scene.attach(request);
      expect(answer).to.deep.include({ ok: false, ...NO_CHANGES });
      expect(answer.error).to.match(error);
      expect(claims(scene)).to.deep.equal([]);
      expect(scene.foreign(() => true)).to.deep.equal(before);
    });

  it('is remembered when AWS takes no more filters, and done when one goes', async () => {
    const scene = await given();
    const filters = scene.fake.groups.get('/a')?.filters;
    for (let i = 0; i < 5; i++) filters?.set(`theirs-${i}`, THEIRS);
    expect(await scene.attach({ logGroup: '/a' })).to.deep.include({
      ok: false,
      error: 'Log group /a has as many subscription filters as AWS allows: remove one of them.',
    });
    filters?.delete('theirs-0');
    expect(await scene.run()).to.deep.include({ subscribed: ['/a'] });
  });

  describe('by Terraform', () => {
    it('fails its creation, so that it is tried again', async () => {
      const scene = await given();
      const error = await failure(scene.invoke(byTerraform('create', { logGroup: '/gone' })));
      expect(error.stack).to.match(/^NotBrought: Log group \/gone does not exist/);
    });

    it('answers an update that fails, which Terraform would take as done', async () => {
      const scene = await given();
      const update = byTerraform('update', { logGroup: '/gone' }, { logGroup: '/gone' });
      expect(await scene.invoke(update)).to.include({ ok: false, target: '/gone' });
    });

    it('detaches the group that it asked for before', async () => {
      const scene = await given();
      await scene.invoke(byTerraform('create', { logGroup: '/a', tags: { owner: 'x' } }));
      expect(await scene.invoke(byTerraform('update', { logGroup: '/b' }, { logGroup: '/a' }))).to.deep.include({
        target: '/b',
        subscribed: ['/b'],
        unsubscribed: ['/a'],
        untagged: ['/a'],
        wantedBy: ['stack'],
      });
      expect(Object.keys(scene.subscribed)).to.deep.equal(['/b']);
      expect(claims(scene)).to.deep.equal(['registry/attachments/group-!b/stack.json']);
    });

    it('is taken back at its destruction, once or twice', async () => {
      const scene = await given();
      await scene.invoke(byTerraform('create', { logGroup: '/a' }));
      const destroy = byTerraform('delete', { logGroup: '/a' }, { logGroup: '/a' });
      expect(await scene.invoke(destroy)).to.deep.include({ ok: true, unsubscribed: ['/a'] });
      expect(await scene.invoke(destroy)).to.deep.include({ ok: true, ...NO_CHANGES });
    });
  });

  it('keeps to the rates when Terraform attaches ten at a time', async () => {
    const scene = new RegistryScene();
    const names = Array.from({ length: 60 }, (_, i) => `/many/${i}`);
    for (const name of names) scene.fake.create(name);
    await scene.select({});
    const left = names.values();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (const logGroup of left) expect(await scene.attach({ logGroup })).to.include({ ok: true });
      }),
    );
    expect(Object.keys(scene.subscribed)).to.have.length(60);
  });
});

describe('Detaching a log group', () => {
  it('unsubscribes it when nobody else asks, and removes the tags that were written for it', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a', tags: { owner: 'x' } });
    expect(await scene.detach({ logGroup: '/a' })).to.deep.equal({
      target: '/a',
      ok: true,
      error: null,
      ...NO_CHANGES,
      unsubscribed: ['/a'],
      untagged: ['/a'],
      wantedBy: [],
    });
    expect(scene.subscribed).to.deep.equal({});
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs' });
    await scene.run();
    expect((await readState(scene.fake.bucket)).groups.size).to.equal(0);
  });

  it('leaves it to others who ask for it, with their pattern and tags', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a', claimant: 'one', tags: { owner: 'x', sut: '1' }, filterPattern: 'A' });
    await scene.pass();
    await scene.attach({ logGroup: '/a', claimant: 'two', tags: { owner: 'y' }, filterPattern: 'B' });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'x', sut: '1' });
    expect(await scene.detach({ logGroup: '/a', claimant: 'one' })).to.deep.include({
      unsubscribed: [],
      wantedBy: ['two'],
    });
    expect(scene.subscribed).to.deep.equal({ '/a': 'B' });
    expect(scene.tagsOf('/a')).to.deep.equal({ billing: 'theirs', owner: 'y' });
    expect(await scene.detach({ logGroup: '/a', claimant: 'two' })).to.deep.include({ unsubscribed: ['/a'] });
  });

  it('has nothing to unsubscribe where the group is no more', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a' });
    scene.fake.groups.delete('/a');
    expect(await scene.detach({ logGroup: '/a' })).to.deep.include({ ok: true, ...NO_CHANGES });
    expect(claims(scene)).to.deep.equal([]);
  });

  it('is refused when it was not attached, with who asks for it', async () => {
    const scene = await given({ prefixes: ['/a'] });
    expect(await scene.detach({ logGroup: '/a' })).to.include({
      ok: false,
      error: 'cli does not ask for /a; who does: prefix /a.',
    });
    expect((await scene.detach({ logGroup: '/b' })).error).to.equal('cli does not ask for /b; nobody does.');
  });

  it('only says what it would do when it is dry', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/a', tags: { owner: 'x' } });
    expect(await scene.detach({ logGroup: '/a', dryRun: true })).to.deep.include({
      unsubscribed: ['/a'],
      untagged: ['/a'],
      wantedBy: [],
    });
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/a']);
    expect(claims(scene)).to.have.length(1);
  });

  it('is done for a stack whose shipper is no more', async () => {
    const scene = await given();
    await scene.fake.bucket.remove('registry/selection.json');
    const destroy = byTerraform('delete', { logGroup: '/a' }, { logGroup: '/a' });
    expect(await scene.invoke(destroy)).to.deep.include({ ok: true, ...NO_CHANGES });
  });
});

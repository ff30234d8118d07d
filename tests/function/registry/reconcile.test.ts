import { expect } from 'chai';
import { CATALOGUE_KEY, Catalogue } from '../../../function/labels/catalogue.ts';
import { LEASE_KEY } from '../../../function/registry/lease.ts';
import { readState } from '../../../function/registry/memory.ts';
import { STATE_KEY } from '../../../function/registry/state.ts';
import { SHIPPER } from '../../support/fake-account.ts';
import { FakeTerraform } from '../../support/fake-terraform.ts';
import { NAME, RegistryScene, type SELECTION } from '../../support/registry-scene.ts';

const THEIRS = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: '' };
const PLACE = { account: '123456789012', region: 'eu-central-1' };

/** An installation for what is under `/p/`, and these groups, of which `/x` is nobody's. */
async function given(names: readonly string[], selection: Partial<typeof SELECTION> = {}): Promise<RegistryScene> {
  const scene = new RegistryScene();
  for (const name of [...names, '/x']) scene.fake.create(name, { billing: 'theirs' });
  await scene.select({ prefixes: ['/p/'], ...selection });
  return scene;
}

async function catalogueOf({ fake }: RegistryScene): Promise<Catalogue | undefined> {
  const body = await fake.bucket.get(CATALOGUE_KEY);
  return body && Catalogue.read(body, PLACE);
}

describe('A run', function () {
  this.timeout(30_000);

  it('subscribes and tags what is wanted, and says so', async () => {
    const scene = await given(['/p/a', '/p/b'], { log_group_tags: { owner: 'platform' }, filter_pattern: 'ERROR' });
    expect(await scene.run()).to.deep.equal({
      at: new Date(scene.fake.clock.now()).toISOString(),
      ok: true,
      error: null,
      skipped: null,
      groups: 2,
      subscribed: ['/p/a', '/p/b'],
      unsubscribed: [],
      tagged: ['/p/a', '/p/b'],
      untagged: [],
      problems: [],
      remaining: 0,
    });
    expect(scene.subscribed).to.deep.equal({ '/p/a': 'ERROR', '/p/b': 'ERROR' });
    expect(scene.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs', owner: 'platform' });
    expect(scene.tagsOf('/x')).to.deep.equal({ billing: 'theirs' });
  });

  it('writes tags before the filter and removes them after it, so that no line comes without them', async () => {
    const scene = await given(['/p/a'], { log_group_tags: { owner: 'platform' } });
    await scene.run();
    await scene.select({ prefixes: [] });
    await scene.run();
    const order = scene.fake.calls
      .map(({ action }) => action)
      .filter((action) => /agResource|(Put|Delete)Sub/.test(action));
    expect(order).to.deep.equal([
      'logs:TagResource',
      'logs:PutSubscriptionFilter',
      'logs:DeleteSubscriptionFilter',
      'logs:UntagResource',
    ]);
  });

  it('does nothing where all is as it should be', async () => {
    const scene = await given(['/p/a', '/p/b'], { log_group_tags: { owner: 'platform' } });
    await scene.run();
    scene.fake.calls.length = 0;
    expect(await scene.run()).to.deep.include({ ok: true, subscribed: [], tagged: [], remaining: 0 });
    expect(Object.keys(scene.fake.counts).filter((action) => /Put|Tag|Delete/.test(action))).to.have.members([
      's3:PutObject',
      's3:DeleteObject',
      'logs:ListTagsForResource',
    ]);
    expect(scene.fake.counts['s3:ListBucket']).to.equal(1);
  });

  it('subscribes a group that is born later, and leaves one whose prefix leaves', async () => {
    const scene = await given(['/p/a'], { log_group_tags: { owner: 'platform' } });
    await scene.run();
    scene.fake.create('/p/b');
    expect(await scene.run()).to.deep.include({ subscribed: ['/p/b'], tagged: ['/p/b'] });
    await scene.select({ prefixes: [] });
    expect(await scene.run()).to.deep.include({
      unsubscribed: ['/p/a', '/p/b'],
      untagged: ['/p/a', '/p/b'],
      groups: 0,
    });
    expect(scene.subscribed).to.deep.equal({});
    expect(scene.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
    expect((await readState(scene.fake.bucket)).groups.size).to.equal(0);
  });

  it('keeps tags that had the value before it came', async () => {
    const scene = await given(['/p/a'], { log_group_tags: { billing: 'theirs', owner: 'x' } });
    await scene.run();
    await scene.select({ prefixes: [] });
    await scene.run();
    expect(scene.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
  });

  it('puts back what somebody took away by hand, when it is verified', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `/p/${String(i).padStart(2, '0')}`);
    const scene = await given(names, { log_group_tags: { owner: 'platform' } });
    await scene.settle();
    const { groups } = scene.fake;
    for (const name of ['/p/00', '/p/49']) groups.get(name)?.filters.clear();
    scene.fake.tag('/p/25', {});
    for (let runs = 0; runs < 3; runs++) await scene.run();
    expect(Object.keys(scene.subscribed)).to.have.length(50);
    expect(scene.tagsOf('/p/25')).to.deep.equal({ owner: 'platform' });
  });

  it('notices at once that a group was deleted and created again, among up to 1,000', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `/p/${String(i).padStart(2, '0')}`);
    const scene = await given(names);
    await scene.settle();
    scene.fake.create('/p/77', { owner: 'new' });
    expect(await scene.run()).to.deep.include({ subscribed: ['/p/77'] });
    expect((await catalogueOf(scene))?.tagsOf('/p/77')).to.deep.equal({ owner: 'new' });
  });

  it('changes the pattern of its filters', async () => {
    const scene = await given(['/p/a', '/p/b']);
    await scene.run();
    await scene.select({ filter_pattern: 'WARN' });
    expect(await scene.run()).to.deep.include({ subscribed: ['/p/a', '/p/b'] });
    expect(scene.subscribed).to.deep.equal({ '/p/a': 'WARN', '/p/b': 'WARN' });
  });

  describe('reports and never touches', () => {
    it('a filter of our name that leads elsewhere', async () => {
      const scene = await given(['/p/a']);
      scene.fake.groups.get('/p/a')?.filters.set(NAME, THEIRS);
      const message = `Log group /p/a has a subscription filter loki-shipper to ${THEIRS.destination}, which stays as it is: remove it, or install the module under another name.`;
      for (let runs = 0; runs < 2; runs++)
        expect(await scene.run()).to.deep.include({
          ok: true,
          subscribed: [],
          problems: [{ logGroup: '/p/a', problem: 'foreign_filter', message }],
        });
      expect(scene.fake.groups.get('/p/a')?.filters.get(NAME)).to.deep.equal(THEIRS);
      await scene.select({ prefixes: [] });
      await scene.run();
      expect(scene.fake.groups.get('/p/a')?.filters.get(NAME)).to.deep.equal(THEIRS);
    });

    it('a group with as many filters as AWS allows, until one goes', async () => {
      const scene = await given(['/p/a']);
      const filters = scene.fake.groups.get('/p/a')?.filters;
      for (let i = 0; i < 5; i++) filters?.set(`theirs-${i}`, THEIRS);
      expect((await scene.run()).problems).to.deep.equal([
        {
          logGroup: '/p/a',
          problem: 'filter_limit',
          message: 'Log group /p/a has as many subscription filters as AWS allows: remove one of them.',
        },
      ]);
      expect(filters?.size).to.equal(5);
      filters?.delete('theirs-0');
      expect(await scene.run()).to.deep.include({ subscribed: ['/p/a'], problems: [] });
    });

    it('groups of another class, and those that are missing', async () => {
      const scene = await given([], { log_groups: { '/gone': { tags: {}, filter_pattern: null } } });
      scene.fake.create('/p/ia', {}, 'INFREQUENT_ACCESS');
      const { ok, problems, groups } = await scene.run();
      expect({ ok, groups }).to.deep.equal({ ok: true, groups: 0 });
      expect(problems.map(({ logGroup, problem }) => [logGroup, problem])).to.deep.equal([
        ['/gone', 'missing'],
        ['/p/ia', 'log_class'],
      ]);
      expect(scene.fake.counts['logs:DescribeSubscriptionFilters']).to.equal(undefined);
    });

    it('the installation’s own groups and the excluded', async () => {
      const own = '/aws/lambda/loki-shipper-shipper';
      const scene = await given([own, '/p/noisy'], { prefixes: ['/'], excluded: ['/p/n*', '/x'] });
      expect(await scene.run()).to.deep.include({ groups: 0, subscribed: [], problems: [] });
    });
  });

  it('is refused with the number when too many are selected, and what is subscribed stays', async () => {
    const scene = await given(['/p/a', '/p/b'], { max_log_groups: 2 });
    await scene.run();
    scene.fake.create('/p/c');
    expect(await scene.run()).to.deep.include({
      ok: false,
      error:
        '3 log groups are selected, and max_log_groups is 2: nothing new was subscribed. Select fewer, or allow for more.',
      groups: 3,
    });
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a', '/p/b']);
    expect((await catalogueOf(scene))?.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
    await scene.select({ max_log_groups: 3 });
    expect(await scene.run()).to.deep.include({ ok: true, subscribed: ['/p/c'] });
  });

  it('is refused when a prefix finds nothing and never will, in the mode of the registrar', async () => {
    const scene = await given(['/p/a'], { prefixes: ['/p/', '/q/'], follow: false });
    expect(await scene.runByTerraform()).to.deep.include({
      ok: false,
      error:
        'log_group_prefixes find no log group with /q/: correct it, or set follow_log_groups, so that what is born later under it is shipped.',
    });
    await scene.select({ follow: true });
    expect(await scene.runByTerraform()).to.include({ ok: true });
  });

  it('waits for the selection of the first apply, and fails the apply without one', async () => {
    const scene = new RegistryScene();
    const error = 'registry/selection.json is not there: terraform apply writes it.';
    expect(await scene.run()).to.include({ ok: true, skipped: error });
    expect(await scene.runByTerraform('create')).to.include({ ok: false, error, skipped: null });
  });

  it('says in one sentence that the selection is none, or that the state is of a newer version', async () => {
    const scene = await given([]);
    await scene.fake.bucket.put(STATE_KEY, Buffer.from('x'));
    expect((await scene.run()).error).to.match(
      /^registry\/state\.json\.gz is of no use: it is no gzip of a JSON object\./,
    );
    await scene.fake.bucket.put('registry/selection.json', Buffer.from('{}'));
    expect(await scene.runByTerraform()).to.include({
      ok: false,
      error: 'registry/selection.json is not as the module writes it: its version is undefined, and 1 is known.',
    });
    expect(await scene.fake.bucket.get(LEASE_KEY)).to.equal(undefined);
  });

  describe('of two at once', () => {
    it('is skipped by the schedule', async () => {
      const scene = await given(['/p/a', '/p/b']);
      const [first, second] = await Promise.all([scene.run(), scene.run()]);
      expect(first).to.deep.include({ skipped: null, subscribed: ['/p/a', '/p/b'] });
      expect(second).to.deep.include({ ok: true, skipped: 'Another run is under way.', subscribed: [] });
    });

    it('waits for its turn where Terraform waits, and is done with what is selected now', async () => {
      const scene = await given(['/p/a']);
      const running = scene.run();
      await scene.fake.clock.delay(500);
      await scene.select({ prefixes: ['/x'] });
      const asked = await scene.runByTerraform();
      expect(await running).to.deep.include({ subscribed: ['/p/a'] });
      expect(asked).to.deep.include({ skipped: null, subscribed: ['/x'], unsubscribed: ['/p/a'] });
    });

    it('is answered as skipped when the other takes too long, or was killed', async () => {
      const scene = await given(['/p/a']);
      scene.fake.fault = (_, action) => (action === 'logs:DescribeLogGroups' ? 'killed before' : undefined);
      await scene.invoke({ action: 'reconcile' });
      scene.fake.fault = () => undefined;
      expect(await scene.runByTerraform()).to.include({ ok: true, skipped: 'Another run is under way.' });
      await scene.pass(16 * 60_000);
      expect(await scene.run()).to.deep.include({ skipped: null, subscribed: ['/p/a'] });
    });
  });

  describe('with little time', () => {
    const names = Array.from({ length: 400 }, (_, i) => `/p/${String(i).padStart(3, '0')}`);

    it('ends, says what is left, and the next goes on', async () => {
      const scene = await given(names);
      const start = scene.fake.clock.now();
      const first = await scene.runByTerraform();
      expect(scene.fake.clock.now() - start).to.be.at.most(42_000);
      expect(first).to.include({ ok: true, error: null, groups: 400 });
      expect(first.remaining)
        .to.equal(400 - first.subscribed.length)
        .and.be.above(250);
      expect(await scene.settle()).to.equal(1);
      expect(Object.keys(scene.subscribed)).to.have.length(400);
    });

    it('subscribes others than those where it lost time', async () => {
      const scene = await given(names);
      scene.fake.fault = (_, action) => (action === 'logs:PutSubscriptionFilter' ? 'throttled' : undefined);
      const first = await scene.run();
      expect(first).to.deep.include({ ok: true, subscribed: [] });
      expect(first.remaining).to.be.above(350);
      scene.fake.fault = () => undefined;
      await scene.settle();
      expect(Object.keys(scene.subscribed)).to.have.length(400);
    });
  });

  it('stops when every call fails, and says why', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `/p/${i}`);
    const scene = await given(names);
    scene.fake.fault = (_, action) => (action === 'logs:PutSubscriptionFilter' ? 'denied' : undefined);
    const answer = await scene.run();
    expect(answer.ok).to.equal(false);
    expect(answer.error).to.match(
      /^\d\d log groups are not as wanted, because a call to AWS failed: logs:PutSubscriptionFilter failed with AccessDeniedException for \/p\/\d+\.$/,
    );
    expect(answer.problems[0]).to.include({ problem: 'failed' });
    expect(scene.fake.counts['logs:PutSubscriptionFilter']).to.be.at.most(60);
    expect(answer.remaining).to.be.above(100);
    scene.fake.fault = () => undefined;
    await scene.settle();
    expect(Object.keys(scene.subscribed)).to.have.length(200);
  });

  it('does not take half a list of groups for all', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `/p/${i}`);
    const scene = await given(names);
    await scene.settle();
    let calls = 0;
    scene.fake.fault = (_, action) => (action === 'logs:DescribeLogGroups' && ++calls === 2 ? 'denied' : undefined);
    expect(await scene.run()).to.deep.include({
      ok: false,
      error: 'logs:DescribeLogGroups failed with AccessDeniedException.',
      problems: [],
    });
    expect((await readState(scene.fake.bucket)).groups.size).to.equal(60);
  });

  it('knows a filter as its own whose Put was carried out and never answered', async () => {
    const scene = await given(['/p/a'], { managed_by: 'terraform', log_group_tags: { owner: 'x' } });
    scene.fake.fault = (_, action) => (action === 'logs:PutSubscriptionFilter' ? 'cut' : undefined);
    expect(await scene.run()).to.include({ ok: false });
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a']);
    scene.fake.fault = () => undefined;
    await scene.select({ prefixes: [] });
    await scene.run();
    expect(scene.subscribed).to.deep.equal({});
    expect(scene.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
  });

  describe('where Terraform manages', () => {
    const managed = { managed_by: 'terraform', prefixes: ['/p/'], log_group_tags: { owner: 'platform' } } as const;

    async function applied(names: readonly string[]) {
      const scene = await given(names);
      const terraform = new FakeTerraform(scene);
      await terraform.apply(managed);
      return { scene, terraform };
    }

    it('leaves what Terraform did as it is, and keeps its tags in the catalogue', async () => {
      const { scene } = await applied(['/p/a']);
      const { groups } = await readState(scene.fake.bucket);
      expect(groups.get('/p/a')).to.include({ by: 'terraform', filterPattern: '' });
      expect((await catalogueOf(scene))?.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs', owner: 'platform' });
      expect(scene.fake.counts['logs:PutSubscriptionFilter']).to.equal(undefined);
    });

    it('subscribes and tags what is born later, so that the next apply finds it as it would make it', async () => {
      const { scene, terraform } = await applied(['/p/a']);
      scene.fake.create('/p/b');
      expect(await scene.run()).to.deep.include({ subscribed: ['/p/b'], tagged: ['/p/b'] });
      const before = scene.foreign(() => true);
      await terraform.apply();
      expect(scene.foreign(() => true)).to.deep.equal(before);
      expect(scene.subscribed).to.deep.equal({ '/p/a': '', '/p/b': '' });
      await terraform.apply({ prefixes: [] });
      expect(scene.subscribed).to.deep.equal({});
      expect(scene.tagsOf('/p/b')).to.deep.equal({});
    });

    it('never removes or changes a filter of Terraform', async () => {
      const { scene } = await applied(['/p/a']);
      await scene.select({ filter_pattern: 'WARN' });
      await scene.settle();
      expect(scene.subscribed).to.deep.equal({ '/p/a': '' });
      await scene.select({ prefixes: [] });
      await scene.settle();
      expect(scene.subscribed).to.deep.equal({ '/p/a': '' });
    });

    it('puts back a filter of Terraform that somebody removed', async () => {
      const { scene } = await applied(['/p/a']);
      scene.fake.groups.get('/p/a')?.filters.clear();
      expect(await scene.run()).to.deep.include({ subscribed: ['/p/a'] });
    });

    it('keeps a group that a stack still asks for when Terraform takes its filter away during or after the run', async () => {
      const names = Array.from({ length: 60 }, (_, i) => `/p/${String(i).padStart(2, '0')}`);
      const { scene, terraform } = await applied(names);
      await scene.settle();
      for (const name of ['/p/10', '/p/50']) await scene.attach({ logGroup: name, claimant: 'stack' });
      await scene.select({ prefixes: [] });
      await scene.runByTerraform(); // Here the filters are still there.
      await terraform.apply();
      await scene.settle();
      expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/10', '/p/50']);
    });

    it('writes again a tag that a stack still asks for and that Terraform took away', async () => {
      const listed = { '/p/a': { tags: { sut: 'shop' }, filter_pattern: null } };
      const scene = await given(['/p/a']);
      const terraform = new FakeTerraform(scene);
      await terraform.apply({ managed_by: 'registrar' });
      await terraform.apply({ managed_by: 'terraform', log_groups: listed });
      await scene.attach({ prefix: '/p/', claimant: 'stack', tags: { sut: 'shop' } });
      await terraform.apply({ log_groups: {} });
      await scene.settle();
      expect(scene.tagsOf('/p/a')).to.include({ sut: 'shop' });
    });

    it('without follow_log_groups sees after what Terraform subscribed, and after nothing else', async () => {
      const { scene, terraform } = await applied(['/p/a']);
      await terraform.apply({ follow: false });
      scene.fake.create('/p/b');
      scene.fake.groups.get('/p/a')?.filters.clear();
      expect(await scene.run()).to.deep.include({ subscribed: ['/p/a'], groups: 2 });
      expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a']);
    });
  });

  describe('and the catalogue', () => {
    it('has the tags of all wanted groups, claimed ones too, and is written when something changes', async () => {
      const scene = await given(['/p/a']);
      await scene.attach({ logGroup: '/x', tags: { sut: 'y' } });
      await scene.run();
      const catalogue = await catalogueOf(scene);
      expect([...(catalogue?.groups() ?? [])]).to.deep.equal([
        ['/p/a', { billing: 'theirs' }],
        ['/x', { billing: 'theirs', sut: 'y' }],
      ]);
      const written = async () => {
        scene.fake.calls.length = 0;
        await scene.run();
        // Besides the lease and the state.
        return (scene.fake.counts['s3:PutObject'] ?? 0) - 2;
      };
      expect(await written()).to.equal(0);
      scene.fake.tag('/p/a', { owner: 'new' });
      expect(await written()).to.equal(1);
      expect((await catalogueOf(scene))?.tagsOf('/p/a')).to.deep.equal({ owner: 'new' });
      expect(await written()).to.equal(0);
    });

    it('is written anew when somebody removed or damaged it', async () => {
      const scene = await given(['/p/a']);
      await scene.settle();
      await scene.run();
      const { bucket } = scene.fake;
      for (const damage of [() => bucket.remove(CATALOGUE_KEY), () => bucket.put(CATALOGUE_KEY, Buffer.from('x'))]) {
        await damage();
        await scene.run();
        expect((await catalogueOf(scene))?.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
        await scene.run();
      }
    });

    it('keeps tags that cannot be read again, and reads them one by one where they cannot be read together', async () => {
      const names = Array.from({ length: 60 }, (_, i) => `/p/${String(i).padStart(2, '0')}`);
      const scene = await given(names);
      await scene.settle();
      scene.fake.fault = (_, action) => (/GetResources|ListTags/.test(action) ? 'denied' : undefined);
      await scene.run();
      expect((await catalogueOf(scene))?.tagsOf('/p/00')).to.deep.equal({ billing: 'theirs' });
      scene.fake.tag('/p/00', { owner: 'a' });
      scene.fake.tag('/p/59', { owner: 'b' });
      scene.fake.fault = (_, action) => (action === 'tag:GetResources' ? 'denied' : undefined);
      expect(await scene.run()).to.include({ ok: true });
      expect((await catalogueOf(scene))?.tagsOf('/p/00')).to.deep.equal({ owner: 'a' });
      expect((await catalogueOf(scene))?.tagsOf('/p/59')).to.deep.equal({ owner: 'b' });
    });

    it('does not have a group whose tags nobody has read', async () => {
      const names = Array.from({ length: 400 }, (_, i) => `/p/${String(i).padStart(3, '0')}`);
      const scene = new RegistryScene();
      for (const name of names) scene.fake.create(name, {});
      await scene.select({ prefixes: ['/p/'] });
      const { remaining } = await scene.runByTerraform();
      expect(remaining).to.be.above(0);
      expect([...((await catalogueOf(scene))?.groups() ?? [])].length).to.be.within(
        400 - remaining - 25,
        400 - remaining + 25,
      );
    });
  });

  it('goes on with claims as they were when one is damaged, and says so', async () => {
    const scene = await given([]);
    await scene.attach({ logGroup: '/x' });
    await scene.run();
    const [key = ''] = [...scene.fake.bucket.content.keys()].filter((key) => key.includes('attachments'));
    await scene.fake.bucket.put(key, Buffer.from('x'));
    expect(await scene.run()).to.deep.include({
      ok: false,
      error: `${key} is not a claim as the registrar writes it: remove it, and attach its log group again.`,
      unsubscribed: [],
    });
    expect(scene.subscribed).to.deep.equal({ '/x': '' });
  });

  it('puts filters that lead to the shipper', async () => {
    const scene = await given(['/p/a']);
    await scene.run();
    expect(scene.fake.groups.get('/p/a')?.filters.get(NAME)).to.deep.equal({ destination: SHIPPER, pattern: '' });
  });
});

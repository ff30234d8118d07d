import { expect } from 'chai';
import type { Fault } from '../support/fake-account.ts';
import { FakeTerraform } from '../support/fake-terraform.ts';
import { RegistryScene } from '../support/registry-scene.ts';

const FAULTS: readonly Fault[] = ['throttled', 'denied', 'cut', 'killed before', 'killed after'];
const FOREIGN = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: 'x' };
const OUR_TAGS = ['owner', 'sut', 'location'];
const foreignIn = (scene: RegistryScene) => scene.foreign((key) => !OUR_TAGS.includes(key));

/** An installation in the middle of its life: something of everything is left to do. */
async function given(managed_by: 'registrar' | 'terraform'): Promise<RegistryScene> {
  const scene = new RegistryScene();
  const { fake } = scene;
  const terraform = new FakeTerraform(scene);
  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.create(`/old/${name}`, { billing: 'theirs' });
  for (const name of ['a', 'b', 'c']) fake.create(`/stays/${name}`, { billing: 'theirs' });
  await terraform.apply({ managed_by, prefixes: ['/stays/'], log_group_tags: { owner: 'platform' } });
  await scene.attach({ prefix: '/old/' });
  await scene.attach({ logGroup: '/old/a', tags: { sut: 'orders' } });
  await scene.settle();

  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.create(`/new/${name}`, { billing: 'theirs' });
  fake.groups.get('/new/b')?.filters.set('loki-shipper', FOREIGN);
  fake.groups.get('/new/c')?.filters.set('theirs', FOREIGN);
  for (let i = 0; i < 5; i++) fake.groups.get('/new/d')?.filters.set(`theirs-${i}`, FOREIGN);
  fake.create('/new/infrequent', {}, 'INFREQUENT_ACCESS');
  fake.groups.get('/stays/b')?.filters.delete('loki-shipper');
  if (managed_by === 'registrar') fake.tag('/stays/c', { billing: 'theirs', owner: 'somebody' });
  await scene.select({ prefixes: ['/stays/', '/new/'], excluded: ['/old/e'] });
  await scene.fake.bucket.remove('registry/attachments/prefix-!old!/cli.json');
  await scene.attach({ logGroup: '/old/b', tags: { location: 'eu' }, filterPattern: 'ERROR' });
  fake.calls.length = 0;
  await scene.pass();
  return scene;
}

type Act = (scene: RegistryScene) => Promise<unknown>;

/** What is done; and whether what is left afterwards is all that is wanted, or nothing. */
const ACTS: Readonly<Record<string, { readonly act: Act; readonly ends?: true }>> = {
  'a run': { act: (scene) => scene.invoke({ action: 'reconcile' }) },
  'a run of Terraform': {
    act: (scene) => scene.invoke({ action: 'reconcile', selection: 'x', tf: { action: 'update', prev_input: null } }),
  },
  'an attachment': {
    act: (scene) =>
      scene.invoke({ action: 'attach', logGroup: '/old/c', claimant: 'x', tags: { sut: '1' }, filterPattern: 'A' }),
  },
  'an attachment of a prefix': {
    act: (scene) => scene.invoke({ action: 'attach', prefix: '/old/', claimant: 'x', tags: { sut: '1' } }),
  },
  'a detachment': { act: (scene) => scene.invoke({ action: 'detach', logGroup: '/old/a', claimant: 'cli' }) },
  'an event of a new group': { act: (scene) => scene.announce('/new/a') },
  'the end': {
    act: (scene) => scene.invoke({ action: 'reconcile', tf: { action: 'delete', prev_input: null } }),
    ends: true,
  },
};

describe('A registrar whose calls fail', function () {
  this.timeout(180_000);

  it('makes every call that it can make, in the run that is tried', async () => {
    const scene = await given('registrar');
    expect(await scene.run()).to.include({ ok: true, error: null, remaining: 0 });
    expect(Object.keys(scene.fake.counts).sort()).to.include.members([
      'logs:DeleteSubscriptionFilter',
      'logs:DescribeLogGroups',
      'logs:DescribeSubscriptionFilters',
      'logs:ListTagsForResource',
      'logs:PutSubscriptionFilter',
      'logs:TagResource',
      'logs:UntagResource',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'tag:GetResources',
    ]);
    await scene.expectWanted(OUR_TAGS);
  });

  for (const manager of ['registrar', 'terraform'] as const)
    for (const [what, { act, ends }] of Object.entries(ACTS))
      it(`has what is wanted in the end: each call of ${what}, where the ${manager} manages`, async () => {
        const untouched = foreignIn(await given(manager));
        const fine = await given(manager);
        await act(fine);
        const calls = fine.fake.calls.length;
        let most = 0;
        for (const fault of FAULTS)
          for (let k = 0; k < calls; k++) {
            const scene = await given(manager);
            scene.fake.fault = (call) => (call === k ? fault : undefined);
            await act(scene).catch(() => undefined); // What it answers is tested elsewhere.
            try {
              expect(foreignIn(scene)).to.deep.equal(untouched);
              if (ends) await endAgain(scene, manager, act);
              else most = Math.max(most, await goOn(scene, manager));
              expect(foreignIn(scene)).to.deep.equal(untouched);
            } catch (error) {
              throw new Error(`With call ${k} (${scene.fake.calls[k]?.action}) ${fault}: ${error}`, { cause: error });
            }
          }
        const after = ends ? '' : ` after at most ${most} more runs`;
        console.log(
          `        ${calls} calls, each ${FAULTS.join(', ')} once: ${calls * FAULTS.length} times as wanted${after}`,
        );
      });

  /** Then nothing is forgotten either: what nobody asks for any more goes. @returns runs until it was as wanted */
  async function goOn(scene: RegistryScene, manager: 'registrar' | 'terraform'): Promise<number> {
    const runs = await scene.settle();
    await scene.expectWanted(OUR_TAGS);
    await scene.select({ prefixes: [], log_groups: {} });
    for (const key of scene.fake.bucket.content.keys())
      if (key.includes('attachments')) await scene.fake.bucket.remove(key);
    await scene.settle();
    expectNothingLeft(scene, manager);
    return runs;
  }

  async function endAgain(scene: RegistryScene, manager: 'registrar' | 'terraform', act: Act): Promise<void> {
    for (let attempts = 0; ; attempts++) {
      await scene.pass();
      const answer = await act(scene).catch((error: Error) => error);
      if (!(answer instanceof Error)) break;
      if (attempts > 5) throw answer;
    }
    expectNothingLeft(scene, manager);
    expect([...scene.fake.bucket.content.keys()]).to.deep.equal(['registry/selection.json']);
  }

  /** But for what is Terraform's. */
  function expectNothingLeft(scene: RegistryScene, manager: 'registrar' | 'terraform'): void {
    const left = manager === 'registrar' ? [] : ['/stays/a', '/stays/c'];
    expect(Object.keys(scene.subscribed)).to.deep.equal(left);
    for (const [name, { tags }] of scene.fake.groups)
      if (!name.startsWith('/stays/'))
        expect(Object.keys(tags), name).to.deep.equal(Object.keys(tags).filter((key) => !OUR_TAGS.includes(key)));
  }
});

import { expect } from 'chai';
import type { Fault } from '../support/fake-account.ts';
import { RegistryScene } from '../support/registry-scene.ts';

const FAULTS: readonly Fault[] = ['throttled', 'denied', 'cut', 'killed before', 'killed after'];
const FOREIGN = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: 'x' };
const OUR_TAGS = ['owner', 'sut', 'location'];

/** An installation in the middle of its life: something of everything is left to do. */
async function given(): Promise<RegistryScene> {
  const scene = new RegistryScene();
  const { fake } = scene;
  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.create(`/old/${name}`, { billing: 'theirs' });
  for (const name of ['a', 'b', 'c']) fake.create(`/stays/${name}`, { billing: 'theirs' });
  await scene.select({ prefixes: ['/old/', '/stays/'], log_group_tags: { owner: 'platform' } });
  await scene.attach({ logGroup: '/old/a', tags: { sut: 'orders' } });
  await scene.settle();

  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.create(`/new/${name}`, { billing: 'theirs' });
  fake.groups.get('/new/b')?.filters.set('loki-shipper', FOREIGN);
  fake.groups.get('/new/c')?.filters.set('theirs', FOREIGN);
  for (let i = 0; i < 5; i++) fake.groups.get('/new/d')?.filters.set(`theirs-${i}`, FOREIGN);
  fake.create('/new/infrequent', {}, 'INFREQUENT_ACCESS');
  fake.groups.get('/stays/b')?.filters.delete('loki-shipper');
  fake.tag('/stays/c', { billing: 'theirs', owner: 'somebody' });
  await scene.select({
    prefixes: ['/stays/', '/new/'],
    log_groups: { '/new/a': { tags: { location: 'eu' }, filter_pattern: 'ERROR' } },
    filter_pattern: 'WARN',
  });
  await scene.attach({ logGroup: '/old/b', tags: { sut: 'orders' } });
  fake.calls.length = 0;
  await scene.pass();
  return scene;
}

describe('A registrar whose calls fail', function () {
  this.timeout(180_000);

  let calls = 0;
  const foreignIn = (scene: RegistryScene) => scene.foreign((key) => !OUR_TAGS.includes(key));

  it('does all of its work when none fails', async () => {
    const scene = await given();
    const answer = await scene.run();
    expect(answer).to.include({ ok: true, error: null, remaining: 0 });
    calls = scene.fake.calls.length;
    await scene.expectWanted(OUR_TAGS);
    expect(foreignIn(scene)).to.deep.equal(foreignIn(await given()));
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
  });

  for (const fault of FAULTS)
    it(`has what is wanted after its next runs: each call ${fault}`, async () => {
      const untouched = foreignIn(await given());
      let most = 0;
      for (let k = 0; k < calls; k++) {
        const scene = await given();
        scene.fake.fault = (call) => (call === k ? fault : undefined);
        const first = await scene.invoke({ action: 'reconcile' });
        expect(first === 'killed', `${k}`).to.equal(fault.startsWith('killed'));
        expect(foreignIn(scene), `call ${k}`).to.deep.equal(untouched);
        try {
          most = Math.max(most, await scene.settle());
          await scene.expectWanted(OUR_TAGS);
          expect(foreignIn(scene)).to.deep.equal(untouched);
          // Nothing is forgotten either: what nobody asks for any more goes.
          await scene.select({ prefixes: [], log_groups: {} });
          await scene.settle();
          await scene.expectWanted(OUR_TAGS);
          expect(Object.keys(scene.subscribed), 'claimed').to.deep.equal(['/old/a', '/old/b']);
        } catch (error) {
          throw new Error(`With call ${k} (${scene.fake.calls[k]?.action}) ${fault}: ${error}`, { cause: error });
        }
      }
      console.log(`        ${calls} calls, each ${fault} once: as wanted after at most ${most} more runs`);
    });
});

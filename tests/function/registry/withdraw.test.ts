import { expect } from 'chai';
import { FakeTerraform } from '../../support/fake-terraform.ts';
import { NAME, RegistryScene } from '../../support/registry-scene.ts';
import { failure } from '../failure.ts';

const DESTROY = { action: 'reconcile', selection: 'x', tf: { action: 'delete', prev_input: {} } };
const THEIRS = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: '' };

async function given(count: number): Promise<RegistryScene> {
  const scene = new RegistryScene();
  for (let i = 0; i < count; i++) scene.fake.create(`/p/${String(i).padStart(3, '0')}`, { billing: 'theirs' });
  scene.fake.create('/x', { billing: 'theirs' });
  await scene.select({ prefixes: ['/p/'], log_group_tags: { owner: 'platform' } });
  return scene;
}

describe('The end of an installation', function () {
  this.timeout(10_000);

  it('leaves everything as it was before it', async () => {
    const scene = await given(10);
    scene.fake.groups.get('/p/003')?.filters.set('theirs', THEIRS);
    scene.fake.groups.get('/p/004')?.filters.set(NAME, THEIRS);
    const before = scene.foreign(() => true);
    await scene.settle();
    await scene.attach({ logGroup: '/x', tags: { sut: 'y' } });
    const answer = await scene.invoke(DESTROY);
    expect(answer).to.include({ ok: true, remaining: 0 });
    expect(answer).to.have.property('unsubscribed').with.length(10);
    expect(scene.subscribed).to.deep.equal({});
    expect(scene.foreign(() => true)).to.deep.equal(before);
    expect([...scene.fake.bucket.content.keys()]).to.deep.equal(['registry/selection.json']);
  });

  it('is the same the second time', async () => {
    const scene = await given(2);
    await scene.settle();
    await scene.invoke(DESTROY);
    expect(await scene.invoke(DESTROY)).to.deep.include({ ok: true, unsubscribed: [] });
  });

  it('leaves the filters of Terraform to Terraform', async () => {
    const scene = await given(3);
    await new FakeTerraform(scene).apply({ managed_by: 'terraform' });
    scene.fake.create('/p/new');
    await scene.run();
    expect(await scene.invoke(DESTROY)).to.deep.include({ unsubscribed: ['/p/new'], untagged: ['/p/new'] });
    expect(Object.keys(scene.subscribed)).to.have.length(3);
  });

  it('fails with the number that is left when there are many, and goes on when it is asked again', async () => {
    const scene = await given(400);
    await scene.settle();
    let left = 400;
    for (let destroys = 1; left > 0; destroys++) {
      const answer = await scene.invoke(DESTROY).catch((error: Error) => error);
      if (!(answer instanceof Error)) break;
      const [, count = ''] =
        /^(\d+) log groups still have what the registrar wrote: AWS allows only some changes a second\. Run terraform destroy again: it goes on with them\.$/.exec(
          answer.message,
        ) ?? [];
      expect(Number(count)).to.be.within(1, left - 50);
      left = Number(count);
      expect(destroys).to.be.below(6);
    }
    expect(scene.subscribed).to.deep.equal({});
    expect([...scene.fake.bucket.content.keys()]).to.deep.equal(['registry/selection.json']);
  });

  it('fails with the reason when a call is denied', async () => {
    const scene = await given(2);
    await scene.settle();
    scene.fake.fault = (_, action) => (action === 'logs:DeleteSubscriptionFilter' ? 'denied' : undefined);
    expect((await failure(scene.invoke(DESTROY))).message).to.equal(
      '2 log groups still have what the registrar wrote: logs:DeleteSubscriptionFilter failed with AccessDeniedException for /p/000. Run terraform destroy again: it goes on with them.',
    );
  });

  it('waits for a run that is under way, and fails when that does not end', async () => {
    const scene = await given(2);
    const running = scene.run();
    await scene.fake.clock.delay(200);
    await scene.invoke(DESTROY);
    await running;
    expect(scene.subscribed).to.deep.equal({});

    const killed = await given(2);
    killed.fake.fault = (_, action) => (action === 'logs:DescribeLogGroups' ? 'killed before' : undefined);
    await killed.invoke({ action: 'reconcile' });
    expect((await failure(killed.invoke(DESTROY))).message).to.equal(
      'Another run is under way: run terraform destroy again in a few minutes.',
    );
  });

  it('is possible when the selection is gone', async () => {
    const scene = await given(2);
    await scene.settle();
    await scene.fake.bucket.remove('registry/selection.json');
    expect(await scene.invoke(DESTROY))
      .to.have.property('unsubscribed')
      .with.length(2);
    expect([...scene.fake.bucket.content.keys()]).to.deep.equal([]);
  });
});

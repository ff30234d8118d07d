import { expect } from 'chai';
import { RegistryScene, type SELECTION } from '../../support/registry-scene.ts';

const NO_CHANGES = { subscribed: [], unsubscribed: [], tagged: [], untagged: [] };

async function given(selection: Partial<typeof SELECTION> = {}): Promise<RegistryScene> {
  const scene = new RegistryScene();
  for (const name of ['/p/a', '/p/b', '/q/a']) scene.fake.create(name, { billing: 'theirs' });
  await scene.select(selection);
  return scene;
}

const claims = ({ fake }: RegistryScene) => [...fake.bucket.content.keys()].filter((key) => key.includes('attach'));

describe('Attaching a prefix', () => {
  it('subscribes what is under it, now and later', async () => {
    const scene = await given();
    expect(await scene.attach({ prefix: '/p/', tags: { owner: 'x' } })).to.deep.equal({
      target: '/p/',
      ok: true,
      error: null,
      ...NO_CHANGES,
      subscribed: ['/p/a', '/p/b'],
      tagged: ['/p/a', '/p/b'],
      wantedBy: ['cli'],
    });
    scene.fake.create('/p/c');
    expect(await scene.run()).to.deep.include({ subscribed: ['/p/c'], tagged: ['/p/c'] });
  });

  it('follows it also where the module does not follow its own', async () => {
    const scene = await given({ follow: false });
    await scene.attach({ prefix: '/p/' });
    scene.fake.create('/p/c');
    expect(await scene.run()).to.deep.include({ subscribed: ['/p/c'] });
  });

  it('names who asks for this prefix, the module first', async () => {
    const scene = await given({ prefixes: ['/p/', '/p/a'] });
    await scene.attach({ prefix: '/p/', claimant: 'one' });
    await scene.pass();
    expect((await scene.attach({ prefix: '/p/', claimant: 'two' })).wantedBy).to.deep.equal([
      'prefix /p/',
      'one',
      'two',
    ]);
  });

  it('only says what it would do when it is dry', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/p/a', tags: { owner: 'x' } });
    await scene.run();
    expect(await scene.attach({ prefix: '/p/', tags: { owner: 'x' }, dryRun: true })).to.deep.include({
      ...NO_CHANGES,
      subscribed: ['/p/b'],
      tagged: ['/p/b'],
    });
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a']);
    expect(claims(scene)).to.have.length(1);
  });

  it('is refused with the number when it finds nothing, or too much', async () => {
    const scene = await given({ max_log_groups: 1 });
    expect(await scene.attach({ prefix: '/nothing' })).to.include({
      ok: false,
      error: 'No log group that could be shipped begins with /nothing: check it for a mistake.',
    });
    expect(await scene.attach({ prefix: '/p/' })).to.include({
      ok: false,
      error:
        'With those that begin with /p/, 2 log groups would be selected, and max_log_groups is 1: select fewer, or allow for more.',
    });
    expect(claims(scene)).to.deep.equal([]);
  });

  it('is remembered when another run is under way, and done by the next', async () => {
    const scene = await given();
    const running = scene.run();
    await scene.fake.clock.delay(50);
    scene.fake.fault = (_, action) => (action === 'logs:DescribeLogGroups' ? 'throttled' : undefined);
    const attached = scene.attach({ prefix: '/p/', dryRun: false });
    await scene.fake.clock.delay(500);
    scene.fake.fault = () => undefined;
    await Promise.all([running, attached]);
    await scene.run();
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a', '/p/b']);
  });
});

describe('Detaching a prefix', () => {
  it('leaves what nobody else asks for', async () => {
    const scene = await given();
    await scene.attach({ prefix: '/p/', tags: { owner: 'x' } });
    await scene.attach({ logGroup: '/p/a', claimant: 'stack' });
    const leaving = { ...NO_CHANGES, unsubscribed: ['/p/b'], untagged: ['/p/b'] };
    await scene.run();
    expect(await scene.detach({ prefix: '/p/', dryRun: true })).to.deep.include({ unsubscribed: ['/p/b'] });
    expect(await scene.detach({ prefix: '/p/' })).to.deep.include({
      ...leaving,
      untagged: ['/p/a', '/p/b'],
      wantedBy: [],
    });
    expect(Object.keys(scene.subscribed)).to.deep.equal(['/p/a']);
    expect(scene.tagsOf('/p/a')).to.deep.equal({ billing: 'theirs' });
  });

  it('is refused when it was not attached', async () => {
    const scene = await given({ prefixes: ['/p/'] });
    expect(await scene.detach({ prefix: '/p/' })).to.include({
      ok: false,
      error: 'cli does not ask for /p/; who does: prefix /p/.',
    });
  });
});

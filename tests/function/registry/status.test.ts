import { expect } from 'chai';
import { CATALOGUE_KEY } from '../../../function/labels/catalogue.ts';
import type { StatusPage } from '../../../function/registry/answers.ts';
import { RegistryScene } from '../../support/registry-scene.ts';
import { failure } from '../failure.ts';

async function statusOf(scene: RegistryScene, after?: string): Promise<StatusPage> {
  const answer = await scene.invoke({ action: 'status', ...(after !== undefined && { after }) });
  if (answer === 'killed' || !('next' in answer)) throw new Error(`No status: ${answer}.`);
  return answer;
}

async function given(): Promise<RegistryScene> {
  const scene = new RegistryScene();
  for (const name of ['/p/a', '/p/b', '/x', '/y']) scene.fake.create(name, { owner: name });
  await scene.select({ prefixes: ['/p/'], log_groups: { '/gone': { tags: {}, filter_pattern: null } } });
  return scene;
}

describe('The status', function () {
  this.timeout(20_000);

  it('says of each log group who asks for it, who subscribed it, and what is wrong', async () => {
    const scene = await given();
    await scene.attach({ logGroup: '/x', filterPattern: 'ERROR' });
    await scene.run();
    await scene.attach({ logGroup: '/y', filterPattern: 'WARN' });
    const { groups, ...rest } = await statusOf(scene);
    const fine = { subscribedBy: 'registrar', problem: null, message: null };
    expect(groups).to.deep.equal([
      {
        logGroup: '/gone',
        wantedBy: ['listed'],
        subscribedBy: null,
        filterPattern: null,
        tags: null,
        problem: 'missing',
        message: 'Log group /gone does not exist in eu-central-1: create it, or no longer ask for it.',
      },
      { ...fine, logGroup: '/p/a', wantedBy: ['prefix /p/'], filterPattern: '', tags: { owner: '/p/a' } },
      { ...fine, logGroup: '/p/b', wantedBy: ['prefix /p/'], filterPattern: '', tags: { owner: '/p/b' } },
      { ...fine, logGroup: '/x', wantedBy: ['cli'], filterPattern: 'ERROR', tags: { owner: '/x' } },
      // Just attached: no run has seen it yet.
      { ...fine, logGroup: '/y', wantedBy: ['cli'], filterPattern: 'WARN', tags: null },
    ]);
    expect(rest.run?.at).to.match(/^2026-11-26T12:00:\d\d\.\d{3}Z$/);
    expect(rest).to.deep.equal({
      next: null,
      run: { at: rest.run?.at, remaining: 0, error: null },
      name: 'loki-shipper',
      labels: { tags: ['owner'] },
      account: '123456789012',
      region: 'eu-central-1',
    });
  });

  it('has groups that nobody asks for any more, until a run has seen to them', async () => {
    const scene = await given();
    await scene.run();
    await scene.select({ prefixes: [] });
    const left = (await statusOf(scene)).groups.filter(({ wantedBy }) => wantedBy.length === 0);
    expect(left.map(({ logGroup }) => logGroup)).to.deep.equal(['/p/a', '/p/b']);
  });

  it('has what is listed before the first run', async () => {
    const { groups, run } = await statusOf(await given());
    expect(groups.map(({ logGroup, subscribedBy }) => [logGroup, subscribedBy])).to.deep.equal([['/gone', null]]);
    expect(run).to.equal(null);
  });

  it('asks nothing of CloudWatch Logs', async () => {
    const scene = await given();
    await scene.run();
    scene.fake.calls.length = 0;
    await statusOf(scene);
    expect(Object.keys(scene.fake.counts)).to.have.members(['s3:GetObject', 's3:ListBucket']);
  });

  it('comes in pages of a thousand', async () => {
    const scene = new RegistryScene();
    const listed = Array.from({ length: 2_500 }, (_, i) => [
      `/${String(i).padStart(4, '0')}`,
      { tags: {}, filter_pattern: null },
    ]);
    await scene.select({ log_groups: Object.fromEntries(listed) });
    const pages = [await statusOf(scene)];
    for (let next = pages[0]?.next; next; next = pages.at(-1)?.next) pages.push(await statusOf(scene, next));
    expect(pages.map(({ groups }) => groups.length)).to.deep.equal([1_000, 1_000, 500]);
    expect(new Set(pages.flatMap(({ groups }) => groups.map(({ logGroup }) => logGroup))).size).to.equal(2_500);
  });

  it('comes in pages that Lambda can answer, however many tags there are', async () => {
    const scene = new RegistryScene();
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${'k'.repeat(120)}${i}`, 'v'.repeat(250)]));
    for (let i = 0; i < 300; i++) scene.fake.create(`/${i}`, tags);
    await scene.select({ prefixes: ['/'] });
    await scene.settle();
    const { groups, next } = await statusOf(scene);
    expect(groups.length).to.be.within(100, 299);
    expect(Buffer.byteLength(JSON.stringify(groups))).to.be.below(6_000_000);
    expect(next).to.equal(groups.at(-1)?.logGroup);
  });

  it('knows no tags without a catalogue that the shipper could use', async () => {
    const scene = await given();
    await scene.run();
    await scene.fake.bucket.put(CATALOGUE_KEY, Buffer.from('x'));
    expect((await statusOf(scene)).groups.map(({ tags }) => tags)).to.deep.equal([null, null, null]);
  });

  it('is refused before the first apply', async () => {
    expect((await failure(statusOf(new RegistryScene()))).name).to.equal('NotInstalled');
  });
});

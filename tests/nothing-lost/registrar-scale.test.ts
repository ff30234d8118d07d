import { expect } from 'chai';
import { CATALOGUE_KEY } from '../../function/labels/catalogue.ts';
import { STATE_KEY } from '../../function/registry/state.ts';
import { RATES } from '../support/fake-account.ts';
import { RegistryScene } from '../support/registry-scene.ts';

const COUNT = 10_000;
const MINUTE = 60_000;

describe('A registrar of 10,000 log groups', function () {
  this.timeout(120_000);
  const scene = new RegistryScene({ lagMs: MINUTE });
  const { fake } = scene;

  before(async () => {
    for (let i = 0; i < COUNT; i++)
      fake.create(`/aws/lambda/team-${i % 97}-function-${i}`, {
        owner: `team-${i % 97}`,
        'system-under-test': `system-${i % 31}`,
        location: ['frankfurt', 'dublin', 'ohio'][i % 3] ?? '',
        language: ['python', 'typescript', 'go', 'java'][i % 4] ?? '',
        'cost-center': `${4_711 + (i % 211)}`,
      });
    await scene.select({ prefixes: ['/aws/lambda/'], max_log_groups: 20_000 });
  });

  it('subscribes all of them as fast as AWS lets it, within its rates', async () => {
    const start = fake.clock.now();
    const runs = await scene.settle(40);
    const minutes = (fake.clock.now() - start) / MINUTE;
    expect(Object.keys(scene.subscribed)).to.have.length(COUNT);
    expect(fake.calls.filter(({ refused }) => refused)).to.have.length(0);
    const least = COUNT / (RATES['logs:PutSubscriptionFilter'] ?? 0) / 60;
    const own = COUNT / 4 / 60 / 0.8;
    console.log(
      `      ${COUNT} groups: ${least.toFixed(0)} minutes at all of AWS's rate, ${own.toFixed(0)} at 4 a second in 4 of 5 minutes (computed); ${minutes.toFixed(0)} in ${runs} runs of the schedule (simulated), ${fake.calls.length} calls`,
    );
    expect(minutes).to.be.below(75);
  });

  it('makes few calls when nothing changed, and knows all tags', async () => {
    await scene.pass();
    fake.calls.length = 0;
    const start = fake.clock.now();
    expect(await scene.run()).to.deep.include({ subscribed: [], tagged: [], remaining: 0, groups: COUNT });
    const seconds = (fake.clock.now() - start) / 1_000;
    const size = (key: string) => fake.bucket.content.get(key)?.length ?? 0;
    const calls = Object.entries(fake.counts).map(([action, count]) => `${action} ${count}`);
    console.log(`      an idle run: ${fake.calls.length} calls in ${seconds.toFixed(0)} s (${calls.join(', ')})`);
    console.log(`      catalogue ${size(CATALOGUE_KEY)} bytes, state ${size(STATE_KEY)} bytes`);
    expect(fake.calls.length).to.be.below(110);
    expect(size(CATALOGUE_KEY)).to.be.below(500_000);
  });

  it('sees a changed tag within two runs, and a filter that was removed in under two days', async () => {
    fake.tag('/aws/lambda/team-0-function-9700', { owner: 'changed' });
    const before = fake.bucket.content.get(CATALOGUE_KEY);
    let runs = 0;
    do {
      await scene.pass();
      await scene.run();
      runs++;
    } while (fake.bucket.content.get(CATALOGUE_KEY) === before && runs < 5);
    expect(runs).to.be.at.most(3);
    console.log(
      `      a changed tag was in the catalogue after ${runs} runs; filters are verified every ${(COUNT / 20 / 12 / 24).toFixed(1)} days`,
    );
  });
});

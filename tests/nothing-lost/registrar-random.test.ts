import { expect } from 'chai';
import fc from 'fast-check';
import { LokiShipperError } from '../../function/errors.ts';
import type { Tags } from '../../function/labels/stream.ts';
import { type FakeAccount, type Fault, seeded } from '../support/fake-account.ts';
import { FakeTerraform } from '../support/fake-terraform.ts';
import { NAME, RegistryScene, type SELECTION } from '../support/registry-scene.ts';

const SEED = Date.now();
const FOREIGN = { destination: 'arn:aws:lambda:eu-central-1:123456789012:function:theirs', pattern: 'x' };
const NAMES = ['/p/a', '/p/b', '/p/c', '/q/a', '/q/b', '/q/c', '/r/a', '/r/b'] as const;
const PREFIXES = ['/p/', '/q/', '/q/a', '/'] as const;
const OUR_TAGS = ['owner', 'sut', 'team'];
const isForeign = (key: string) => !OUR_TAGS.includes(key);

type Step =
  | { readonly do: 'create' | 'delete' | 'unsubscribe by hand' | 'tag by hand' | 'fill'; readonly name: string }
  | { readonly do: 'announce'; readonly name: string }
  | { readonly do: 'apply'; readonly selection: Partial<typeof SELECTION>; readonly manager: number }
  | {
      readonly do: 'attach';
      readonly target: object;
      readonly claimant: string;
      readonly tags: Tags;
      readonly filterPattern: string | null;
    }
  | { readonly do: 'detach'; readonly target: object; readonly claimant: string }
  | { readonly do: 'run' }
  /** A run of the schedule, and something else at the same time. */
  | { readonly do: 'beside a run'; readonly other: Step };

/** A step, and the fault at a call of it. */
interface Event {
  readonly step: Step;
  readonly fault: Fault | undefined;
  readonly at: number;
  /** Minutes that pass before it. */
  readonly wait: number;
}

const name = fc.constantFrom(...NAMES);
const tags = fc.dictionary(fc.constantFrom(...OUR_TAGS), fc.constantFrom('1', '2'), { maxKeys: 2 });
const pattern = fc.constantFrom(null, 'ERROR', '');
const claimant = fc.constantFrom('stack-a', 'stack-b', 'cli');
const target = fc.oneof(
  { weight: 3, arbitrary: name.map((logGroup) => ({ logGroup })) },
  { weight: 1, arbitrary: fc.constantFrom(...PREFIXES.slice(0, 3)).map((prefix) => ({ prefix })) },
);
const selection = fc.record({
  prefixes: fc.subarray([...PREFIXES]),
  log_groups: fc.dictionary(name, fc.record({ tags, filter_pattern: pattern }), { maxKeys: 3 }),
  excluded: fc.subarray(['/p/b', '/r/*'], { maxLength: 1 }),
  filter_pattern: fc.constantFrom('', 'WARN'),
  log_group_tags: tags,
});
const run = fc.constant<Step>({ do: 'run' });
const byRegistrar: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('announce' as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('attach' as const), target, claimant, tags, filterPattern: pattern }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('detach' as const), target, claimant }) },
  { weight: 4, arbitrary: run },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('delete' as const, 'unsubscribe by hand' as const, 'tag by hand' as const, 'fill' as const),
      name,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('apply' as const), selection, manager: fc.nat(1) }) },
  { weight: 9, arbitrary: byRegistrar },
  { weight: 3, arbitrary: byRegistrar.map((other) => ({ do: 'beside a run' as const, other })) },
);
const event: fc.Arbitrary<Event> = fc.record({
  step,
  fault: fc.constantFrom<Fault | undefined>(
    undefined,
    undefined,
    'throttled',
    'denied',
    'cut',
    'killed before',
    'killed after',
  ),
  at: fc.integer({ min: 0, max: 60 }),
  wait: fc.constantFrom(0, 0, 1, 5, 20),
});

function managedBy(step: Step, managers: readonly ('registrar' | 'terraform')[]): Step {
  const manager = step.do === 'apply' ? managers[step.manager % managers.length] : undefined;
  return step.do === 'apply' && manager ? { ...step, selection: { ...step.selection, managed_by: manager } } : step;
}

/** Whether a fault may hit it: Terraform's own calls are not what is tested. */
const mayFail = ({ do: what }: Step) => ['announce', 'attach', 'detach', 'run', 'beside a run'].includes(what);

async function take(scene: RegistryScene, terraform: FakeTerraform, step: Step): Promise<void> {
  const { fake } = scene;
  switch (step.do) {
    case 'create':
      if (!fake.groups.has(step.name)) fake.create(step.name, { billing: 'theirs' });
      return;
    case 'announce':
      await scene.announce(step.name);
      return;
    case 'delete':
      fake.groups.delete(step.name);
      return;
    case 'unsubscribe by hand':
      fake.groups.get(step.name)?.filters.delete(NAME);
      return;
    case 'tag by hand':
      fake.tag(step.name, { ...scene.tagsOf(step.name), cost: String(fake.calls.length) });
      return;
    case 'fill':
      fill(fake, step.name);
      return;
    case 'apply':
      await terraform.apply(step.selection);
      return;
    case 'attach':
    case 'detach': {
      const { do: action, target, ...request } = step;
      await scene.invoke({ action, ...target, ...request });
      return;
    }
    case 'run':
      await scene.invoke({ action: 'reconcile' });
      return;
    case 'beside a run':
      await Promise.all([take(scene, terraform, { do: 'run' }), take(scene, terraform, step.other)]);
  }
}

/** Others take all room for filters, or leave it again. */
function fill({ groups }: FakeAccount, name: string): void {
  const filters = groups.get(name)?.filters;
  if (!filters || filters.has(NAME)) return;
  if (filters.size > 0) filters.clear();
  else for (let i = 0; i < 5; i++) filters.set(`theirs-${i}`, FOREIGN);
}

describe(`The registrar, whatever happens (seed ${SEED})`, function () {
  this.timeout(180_000);

  const MANAGERS = {
    'the registrar manages': ['registrar'],
    'Terraform manages': ['terraform'],
    'that changes': ['registrar', 'terraform'],
  } as const;
  for (const [where, managers] of Object.entries(MANAGERS))
    it(`ends with what is wanted and leaves alone what belongs to others, where ${where}`, async () => {
      const counts = { sequences: 0, events: 0, calls: 0, killed: 0 };
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { minLength: 5, maxLength: 40, size: 'max' }),
          fc.integer(),
          async (events, seed) => {
            const scene = new RegistryScene({ random: seeded(seed), lagMs: 60_000 });
            const terraform = new FakeTerraform(scene);
            const { fake } = scene;
            await terraform.apply({ managed_by: managers[0], prefixes: ['/p/'] });
            for (const { step, fault, at, wait } of events) {
              await scene.pass(wait * 60_000);
              const before = fake.calls.length;
              const changesForeign = !mayFail(step);
              const untouched = scene.foreign(isForeign);
              if (fault && mayFail(step)) fake.fault = (call) => (call === before + at ? fault : undefined);
              await take(scene, terraform, managedBy(step, managers)).catch((error) => {
                if (!(error instanceof LokiShipperError)) throw error;
              });
              fake.fault = () => undefined;
              if (!changesForeign) expect(scene.foreign(isForeign), `after ${step.do}`).to.deep.equal(untouched);
              if (fault?.startsWith('killed')) counts.killed++;
              counts.events++;
            }
            const untouched = scene.foreign(isForeign);
            await scene.settle();
            // Once more, for what Terraform may just have taken away, and what tags were seen late.
            await scene.settle();
            await scene.expectWanted(OUR_TAGS);
            expect(scene.foreign(isForeign)).to.deep.equal(untouched);
            expect(fake.calls.filter(({ refused }) => refused).length, 'calls above the rates').to.be.at.most(
              events.filter(({ fault }) => fault === 'throttled').length,
            );
            counts.sequences++;
            counts.calls += fake.calls.length;
          },
        ),
        { numRuns: 1_000, seed: SEED, interruptAfterTimeLimit: 40_000 },
      );
      console.log(
        `        ${counts.sequences} sequences of ${counts.events} events, ${counts.killed} with a kill, ${counts.calls} calls`,
      );
    });
});

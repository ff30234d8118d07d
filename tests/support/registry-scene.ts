import { expect } from 'chai';
import { parseAction } from '../../function/registry/action.ts';
import type { Attachment, Reconciliation, StatusPage } from '../../function/registry/answers.ts';
import { subscribeNew } from '../../function/registry/born.ts';
import { claimsOf, remember } from '../../function/registry/memory.ts';
import { perform } from '../../function/registry/perform.ts';
import { parseSelection, SELECTION_KEY } from '../../function/registry/selection.ts';
import { wants } from '../../function/registry/wanted.ts';
import { FakeAccount, type FakeAccountProps, SHIPPER } from './fake-account.ts';

/** The name of our filters. */
export const NAME = 'loki-shipper';

/** selection.json, as the module writes it. */
export const SELECTION = {
  version: 1,
  name: NAME,
  managed_by: 'registrar' as 'registrar' | 'terraform',
  follow: true,
  log_groups: {} as Readonly<Record<string, { tags: Readonly<Record<string, string>>; filter_pattern: string | null }>>,
  prefixes: [] as readonly string[],
  excluded: [] as readonly string[],
  own_log_groups: ['/aws/lambda/loki-shipper-shipper', '/aws/lambda/loki-shipper-registrar'],
  filter_pattern: '',
  log_group_tags: {} as Readonly<Record<string, string>>,
  max_log_groups: 1_000,
  labels: { tags: ['owner'] } as unknown,
};

/** As Lambda gives it. */
const INVOCATION_MS = 900_000;
/** Of the schedule. */
const INTERVAL_MS = 300_000;

/** An installation in a fake account: what it is told to ship, and its registrar. */
export class RegistryScene {
  readonly fake: FakeAccount;
  selection: typeof SELECTION = SELECTION;

  constructor(props: FakeAccountProps = {}) {
    this.fake = new FakeAccount(props);
  }

  /** What Terraform writes. */
  async select(changes: Partial<typeof SELECTION>): Promise<void> {
    this.selection = { ...this.selection, ...changes };
    await this.fake.bucket.put(SELECTION_KEY, Buffer.from(JSON.stringify(this.selection)));
  }

  /** One invocation. @returns what it answers, or that it was killed */
  async invoke(event: object): Promise<Reconciliation | Attachment | StatusPage | 'killed'> {
    const { account, requestId, killed } = this.fake.session();
    const end = this.fake.clock.now() + INVOCATION_MS;
    const context = {
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => end - this.fake.clock.now(),
    };
    const asked = parseAction({ ...event });
    return Promise.race([perform(asked, () => account, context), killed]);
  }

  /** CloudTrail tells of a log group that was created. @returns what it answers, or that it was killed */
  async announce(name: string): Promise<Attachment | 'killed'> {
    const { account, requestId, killed } = this.fake.session();
    const now = this.fake.clock.now();
    const props = { account, requestId, deadline: now + 40_000, end: now + INVOCATION_MS, asked: false };
    return Promise.race([subscribeNew(name, props), killed]);
  }

  /** A run of the schedule, or of Terraform. @throws when it was killed */
  async run(event: object = {}): Promise<Reconciliation> {
    const answer = await this.invoke({ action: 'reconcile', ...event });
    if (answer === 'killed' || !('problems' in answer)) throw new Error(`Not the answer of a run: ${answer}.`);
    return answer;
  }

  /** An apply that created the invocation, or changed it. */
  runByTerraform(action: 'create' | 'update' = 'update'): Promise<Reconciliation> {
    return this.run({ selection: 'hash', tf: { action, prev_input: null } });
  }

  /** Of the command line, if the request does not say otherwise. */
  async attach(request: object): Promise<Attachment> {
    return attachment(
      await this.invoke({ action: 'attach', claimant: 'cli', tags: {}, filterPattern: null, ...request }),
    );
  }

  async detach(request: object): Promise<Attachment> {
    return attachment(await this.invoke({ action: 'detach', claimant: 'cli', ...request }));
  }

  /** Lets time go on. Default: until the schedule's next run */
  pass(ms = INTERVAL_MS - (this.fake.clock.now() % INTERVAL_MS)): Promise<void> {
    return this.fake.clock.delay(ms);
  }

  /** Runs of the schedule, until one leaves nothing to do. @returns how many */
  async settle(most = 12): Promise<number> {
    for (let runs = 1; runs <= most; runs++) {
      await this.pass();
      const { skipped, remaining, ok } = await this.run();
      if (ok && skipped === null && remaining === 0) return runs;
    }
    throw new Error(`Not settled after ${most} runs.`);
  }

  /** Names of the groups that have our filter, by its pattern. */
  get subscribed(): Readonly<Record<string, string>> {
    const ours = [...this.fake.groups].flatMap(([name, { filters }]) => {
      const filter = filters.get(NAME);
      return filter?.destination === SHIPPER ? [[name, filter.pattern] as const] : [];
    });
    return Object.fromEntries(ours.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  tagsOf(name: string): Readonly<Record<string, string>> | undefined {
    return this.fake.groups.get(name)?.tags;
  }

  /** Everything that belongs to others: filters with another name or destination, and tags with certain keys. */
  foreign(isForeignTag: (key: string) => boolean): unknown {
    return [...this.fake.groups].map(([name, { filters, tags, logClass }]) => [
      name,
      logClass,
      [...filters].filter(([filter, { destination }]) => filter !== NAME || destination !== SHIPPER),
      Object.entries(tags).filter(([key]) => isForeignTag(key)),
    ]);
  }

  /**
   * What must be at the end: exactly the groups that somebody asks for and that can be subscribed to have our filter, with
   * the pattern and the tags that are asked for. One that has too many filters may have the tags.
   */
  async expectWanted(ourTags: readonly string[]): Promise<void> {
    const { bucket, groups } = this.fake;
    const selection = parseSelection(JSON.stringify(this.selection));
    const { state } = await remember(bucket);
    const wantedOf = wants(selection, claimsOf(state));
    for (const [name, { filters, tags, logClass }] of groups) {
      const wanted = logClass === 'STANDARD' ? wantedOf(name) : undefined;
      const filter = filters.get(NAME);
      const isOurs = filter?.destination === SHIPPER;
      const isFull = !isOurs && (filter !== undefined || filters.size >= 5);
      const pattern = isFull ? undefined : wanted?.filterPattern;
      expect(isOurs ? filter.pattern : undefined, `filter of ${name}`).to.equal(pattern);
      const own = Object.fromEntries(Object.entries(tags).filter(([key]) => ourTags.includes(key)));
      if (!isFull || !wanted || Object.keys(own).length > 0)
        expect(own, `tags of ${name}`).to.deep.equal(wanted?.tags ?? {});
    }
  }
}

function attachment(answer: Reconciliation | Attachment | StatusPage | 'killed'): Attachment {
  if (answer === 'killed' || !('target' in answer)) throw new Error(`Not an attachment: ${answer}.`);
  return answer;
}

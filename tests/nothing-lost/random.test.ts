import { expect } from 'chai';
import fc from 'fast-check';
import { anyText } from '../function/delivery/text.ts';
import { type Event, expectNothingLost, type Judgement, Scene, SECRET } from './scene.ts';

const SEED = Date.now();
const REFUSALS = [
  { status: 400, body: 'unexpected EOF' },
  {
    status: 400,
    body: "max entry size '9' bytes exceeded for stream '{}' while adding an entry with length '10' bytes",
  },
  { status: 400, body: "couldn't parse labels: parse error" },
  { status: 413, body: '' },
  { status: 500, body: 'label name is empty' },
] as const;
const FAULTS = [
  { status: 503 },
  { status: 429 },
  { status: 500, body: 'rpc error: code = Unknown desc = Ingester is shutting down' },
  'reset',
  'break off',
  'half a status',
] as const;
const FINAL = [{ status: 404 }, { status: 301 }, 'garbage'] as const;

/** What a Loki does with the next request, and whether it stores the lines of one that it answers with a fault. */
type Turn =
  | { readonly kind: 'fault'; readonly step: (typeof FAULTS)[number]; readonly stores: boolean }
  | { readonly kind: 'refuse'; readonly step: (typeof REFUSALS)[number] }
  | { readonly kind: 'final'; readonly step: (typeof FINAL)[number] }
  | { readonly kind: 'store' };

describe(`Nothing is lost, whatever is delivered and whatever Loki answers (seed ${SEED})`, function () {
  this.timeout(180_000);
  let scene: Scene;
  before(async () => {
    scene = await Scene.start();
  });
  after(() => scene.stop());

  const HOUR = 3_600_000;
  const message = fc.oneof(
    { weight: 6, arbitrary: anyText(200) },
    { weight: 2, arbitrary: fc.integer({ min: 900, max: 5_000 }).map((length) => 'é'.repeat(length)) },
  );
  const age = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(200 * HOUR, -HOUR, 0) },
  );
  const lines = fc.array(fc.record({ message, age, id: fc.stringMatching(/^[0-9]{1,20}$/) }), {
    maxLength: 60,
    minLength: 1,
  });
  const turn: fc.Arbitrary<Turn> = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Turn>({ kind: 'store' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        step: fc.constantFrom(...FAULTS),
        stores: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('refuse' as const), step: fc.constantFrom(...REFUSALS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('final' as const), step: fc.constantFrom(...FINAL) }) },
  );
  const rules = fc.record({
    max_bytes: fc.constantFrom(1_024, 262_144),
    too_long: fc.constantFrom('split', 'cut'),
    max_age_hours: fc.constantFrom(0, 168),
    max_ahead_minutes: fc.constantFrom(0, 10),
    out_of_range: fc.constantFrom('park', 'clamp'),
  });

  it('in the ledger and line by line', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(turn, { maxLength: 12 }), rules, async (lines, turns, rules) => {
        const now = Date.now();
        const events: Event[] = lines.map(({ message, age, id }, i) => ({
          id,
          timestamp: now - age,
          message: `${i} ${SECRET} ${message}`,
        }));
        let next = 0;
        let unseen = false;
        const judge = (): Judgement => {
          const turn = turns[next++] ?? { kind: 'store' };
          if (turn.kind === 'store') return { step: { status: 204 } };
          const stores = turn.kind === 'fault' && turn.stores;
          unseen ||= stores;
          return { step: turn.step, stores: () => stores };
        };
        const outcome = await scene.run(events, judge, {
          remainingMs: 8_000,
          environment: { LINE_RULES: JSON.stringify(rules), PARALLEL_PUSHES: '2' },
        });
        const { record, error } = outcome;
        const known = new Set(events.map(({ message }) => Buffer.from(message).toString()));
        const changed = [...outcome.stored.keys()].filter((line) => !known.has(line));
        // A line that was split or cut is looked for by its number.
        const numbers = new Set(
          [...outcome.stored.keys(), ...outcome.parked.map(({ line }) => line)].map((line) => line.split(' ', 1)[0]),
        );
        if (changed.length === 0 && outcome.parked.every(({ line }) => known.has(Buffer.from(line).toString())))
          expectNothingLost(
            events.map((event) => ({ ...event, message: Buffer.from(event.message).toString() })),
            {
              ...outcome,
              parked: outcome.parked.map((line) => ({ ...line, line: Buffer.from(line.line).toString() })),
            },
            unseen,
          );
        else if (!error) for (const i of events.keys()) expect(numbers.has(`${i}`), `line ${i}`).to.equal(true);
        const count = (name: string) => Number(record[name] ?? 0);
        expect(count('EntriesReceived') + count('PartsAdded')).to.equal(
          count('EntriesStored') + count('EntriesParked') + count('EntriesOwed'),
        );
        expect(count('EntriesParked')).to.equal(outcome.parked.length);
        expect(count('EntriesOwed') > 0).to.equal(error !== undefined);
      }),
      { numRuns: 120, seed: SEED, interruptAfterTimeLimit: 60_000 },
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { type IsolateProps, isolate } from '../../../function/delivery/isolate.ts';
import type { Refusal, SendPush } from '../../../function/delivery/push.ts';
import { Ledger } from '../../../function/ledger.ts';
import { entriesOf } from '../../support/entries.ts';
import { failure } from '../failure.ts';
import { readPush } from './loki-push.ts';

const STREAM = { labels: '{service_name="fun"}', metadata: [['log_stream', 's'] as const] };
const WHOLE: Refusal = { kind: 'whole', reason: 'bad_request', said: 'why' };
const SOME: Refusal = { kind: 'some', reason: 'line_too_long', said: 'why' };
const MEND: Refusal = { kind: 'mend', reason: 'disallowed_structured_metadata', said: 'why' };

/** Entries whose lines are their numbers. */
function entries(count: number) {
  return entriesOf(
    Array.from({ length: count }, (_, i) => ({ id: `${i}`, timestamp: 1_700_000_000_000 + i, message: `${i}` })),
  );
}

/** A Loki in memory. @param judge what it says to the lines of a push, which it stores when that is nothing */
function given(
  judge: (lines: readonly number[], hasMetadata: boolean) => Refusal | undefined,
  props: Partial<IsolateProps> = {},
) {
  const ledger = new Ledger();
  const stored: number[] = [];
  let pushes = 0;
  const push: SendPush = async (body, { count }) => {
    pushes++;
    const entries = readPush(body).streams[0]?.entries ?? [];
    expect(entries).to.have.length(count);
    const lines = entries.map(({ line }) => Number(line));
    const refusal = judge(
      lines,
      entries.some(({ structuredMetadata }) => structuredMetadata.length > 0),
    );
    if (!refusal) stored.push(...lines);
    return refusal;
  };
  const run = async (count: number, refusal: Refusal) => {
    const refused = await isolate(STREAM, entries(count), refusal, {
      push,
      ledger,
      deadline: 10_000,
      now: () => 0,
      ...props,
    });
    return {
      refused: refused.flatMap(({ entries, reason }) =>
        entries.events.map(({ message }) => [Number(message), reason] as const),
      ),
      stored: stored.toSorted((a, b) => a - b),
      pushes,
      ledger,
    };
  };
  return { run };
}

describe('Isolating what Loki refuses', function () {
  this.timeout(20_000);

  it('finds a single guilty entry among 4,000 with two pushes a halving, and stores the others', async () => {
    for (const guilty of [0, 1, 1_999, 2_000, 3_333, 3_999]) {
      const { run } = given((lines) => (lines.includes(guilty) ? WHOLE : undefined));
      const { refused, stored, pushes, ledger } = await run(4_000, WHOLE);
      expect(refused).to.deep.equal([[guilty, 'bad_request']]);
      expect(stored).to.have.length(3_999).and.not.to.include(guilty);
      expect(pushes).to.be.at.most(2 * 12);
      expect(ledger.stored).to.equal(3_999);
    }
  });

  it('stores every innocent entry once, whoever is guilty', async () => {
    const guilty = fc.uniqueArray(fc.nat(299), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(guilty, fc.constantFrom(SOME, WHOLE), async (guilty, refusal) => {
        const { run } = given((lines) => (lines.some((line) => guilty.includes(line)) ? refusal : undefined));
        const { refused, stored } = await run(300, refusal);
        const lines = [...refused.map(([line]) => line), ...stored].toSorted((a, b) => a - b);
        expect(lines).to.deep.equal(Array.from({ length: 300 }, (_, i) => i));
        if (refusal === SOME) expect(refused.map(([line]) => line)).to.have.members(guilty);
      }),
    );
  });

  it('gives up a push of which no part is accepted after as many pushes as would find one guilty entry', async () => {
    const { refused, pushes } = await given(() => WHOLE).run(4_000, WHOLE);
    expect(refused).to.have.length(4_000);
    expect(pushes).to.be.at.most(2 * 12 + 5);
  });

  it('goes on to the last entry where Loki stores the others, though no part is accepted as a whole', async () => {
    const { refused, stored } = await given((lines) => (lines.some((line) => line % 2) ? SOME : undefined)).run(
      256,
      SOME,
    );
    expect(refused).to.have.length(128);
    expect(stored).to.have.length(128);
  });

  it('sends nothing when all entries are refused whatever one does', async () => {
    const { refused, pushes } = await given(() => WHOLE).run(9, { ...WHOLE, kind: 'all' });
    expect([refused.length, pushes]).to.deep.equal([9, 0]);
  });

  it('stops halving where all entries of a part are refused', async () => {
    const all = { ...SOME, kind: 'all' } as const;
    const judge = (lines: readonly number[]) =>
      lines.every((n) => n < 2_000) ? all : lines.some((n) => n < 2_000) ? SOME : undefined;
    const { refused, pushes } = await given(judge).run(4_000, SOME);
    expect([refused.length, pushes]).to.deep.equal([2_000, 2]);
  });

  it('sends a push once more without structured metadata that Loki refuses', async () => {
    const { refused, stored, pushes, ledger } = await given((_, has) => (has ? MEND : undefined)).run(9, MEND);
    expect([refused.length, stored.length, pushes, ledger.metadataDropped]).to.deep.equal([0, 9, 1, 9]);
  });

  it('isolates without structured metadata once that was refused', async () => {
    const judge = (lines: readonly number[], has: boolean) => (has ? MEND : lines.includes(5) ? SOME : undefined);
    const { refused, stored, ledger } = await given(judge).run(9, MEND);
    expect(refused).to.deep.equal([[5, 'line_too_long']]);
    expect([stored.length, ledger.metadataDropped]).to.deep.equal([8, 8]);
  });

  it('keeps what is refused even without structured metadata', async () => {
    const { refused, pushes } = await given(() => MEND).run(9, MEND);
    expect([refused.length, pushes]).to.deep.equal([9, 1]);
  });

  it('ends before the deadline, and keeps what is not resolved for the reason that Loki gave', async () => {
    let time = 0;
    const guilty = (lines: readonly number[]) => {
      time += 100;
      return lines.includes(3_999) ? SOME : undefined;
    };
    const { refused, stored } = await given(guilty, { now: () => time, deadline: 1_500 }).run(4_000, SOME);
    expect(time).to.be.at.most(1_500);
    expect(refused.length + stored.length).to.equal(4_000);
    expect(refused).to.have.length.below(1_000);
    expect(refused.at(-1)).to.deep.equal([3_999, 'line_too_long']);
  });

  it('fails as a push fails: then nobody knows what is stored', async () => {
    const away = new Error('away');
    const { run } = given(() => {
      throw away;
    });
    expect(await failure(run(9, SOME))).to.equal(away);
  });
});

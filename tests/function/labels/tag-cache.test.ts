import { expect } from 'chai';
import type { Tags } from '../../../function/labels/stream.ts';
import { TagCache } from '../../../function/labels/tag-cache.ts';

describe('The tags that are kept', () => {
  /** A cache of one minute whose clock and source the test moves. */
  function given(answers: readonly (Tags | Error)[]) {
    const asked: string[] = [];
    const clock = { now: 1_000 };
    const cache = new TagCache({
      refreshSeconds: 60,
      now: () => clock.now,
      read: async (logGroup) => {
        const answer = answers[asked.push(logGroup) - 1];
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('unexpected look-up');
        return answer;
      },
    });
    return { cache, asked, clock };
  }

  const denied = new Error('denied');

  it('are read once and used until they are old', async () => {
    const { cache, asked, clock } = given([{ owner: 'a' }, { owner: 'b' }]);
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    clock.now += 59_999;
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    clock.now += 1;
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'b' });
    expect(asked).to.deep.equal(['g', 'g']);
  });

  it('are those of each log group', async () => {
    const { cache, asked } = given([{ owner: 'a' }, { owner: 'b' }]);
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(await cache.tagsOf('h')).to.deep.equal({ owner: 'b' });
    expect(asked).to.deep.equal(['g', 'h']);
  });

  it('are read once for those who ask at the same time', async () => {
    const { cache, asked } = given([{ owner: 'a' }]);
    const answers = await Promise.all([cache.tagsOf('g'), cache.tagsOf('g'), cache.tagsOf('g')]);
    expect(answers).to.deep.equal([{ owner: 'a' }, { owner: 'a' }, { owner: 'a' }]);
    expect(asked).to.have.length(1);
  });

  it('stay in use when they cannot be read again, and are asked for after another while', async () => {
    const { cache, asked, clock } = given([{ owner: 'a' }, denied, { owner: 'b' }]);
    await cache.tagsOf('g');
    clock.now += 60_000;
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(cache.failures).to.equal(1);
    clock.now += 59_999;
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(asked).to.have.length(2);
    clock.now += 1;
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'b' });
  });

  it('fail all who ask when none are known, and are asked for again by the next', async () => {
    const { cache, asked } = given([denied, { owner: 'a' }]);
    const outcomes = await Promise.allSettled([cache.tagsOf('g'), cache.tagsOf('g')]);
    expect(outcomes).to.deep.equal([
      { status: 'rejected', reason: denied },
      { status: 'rejected', reason: denied },
    ]);
    expect(await cache.tagsOf('g')).to.deep.equal({ owner: 'a' });
    expect(asked).to.have.length(2);
  });

  it('may be none, which is known too', async () => {
    const { cache, asked } = given([{}]);
    expect(await cache.tagsOf('g')).to.deep.equal({});
    expect(await cache.tagsOf('g')).to.deep.equal({});
    expect(asked).to.have.length(1);
  });
});

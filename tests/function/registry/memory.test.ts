import { expect } from 'chai';
import { type Claim, claimKey, encodeClaim } from '../../../function/registry/claims.ts';
import { encodeIntents, INTENTS } from '../../../function/registry/intents.ts';
import { claimsOf, listAll, readAll, remember } from '../../../function/registry/memory.ts';
import { encodeState, STATE_KEY } from '../../../function/registry/state.ts';
import { Bucket } from '../../support/bucket.ts';
import { failure } from '../failure.ts';

const claimOn = (name: string): Claim => ({
  target: { kind: 'group', name },
  claimant: 'cli',
  tags: {},
  filterPattern: null,
  at: '2026-11-26T12:00:00.000Z',
});

/** A bucket that counts what is read of it. */
class Watched extends Bucket {
  readonly read: string[] = [];

  override async get(key: string): Promise<Buffer | undefined> {
    this.read.push(key);
    return super.get(key);
  }

  claim(claim: Claim): Promise<void> {
    return this.put(claimKey(claim.target, claim.claimant), encodeClaim(claim));
  }
}

describe('What the registrar remembers', () => {
  it('is nothing at first', async () => {
    const { state, intents, invalid } = await remember(new Bucket());
    expect(state.groups.size).to.equal(0);
    expect(intents).to.deep.equal([]);
    expect(invalid).to.equal(null);
  });

  it('has claims, of which it reads only those that changed', async () => {
    const bucket = new Watched();
    for (const name of ['/a', '/b', '/c']) await bucket.claim(claimOn(name));
    const first = await remember(bucket);
    expect(claimsOf(first.state)).to.have.deep.members(['/a', '/b', '/c'].map(claimOn));
    await bucket.put(STATE_KEY, encodeState(first.state));

    await bucket.claim({ ...claimOn('/b'), filterPattern: 'NEW' });
    await bucket.remove(claimKey({ kind: 'group', name: '/c' }, 'cli'));
    bucket.read.length = 0;
    const { state } = await remember(bucket);
    expect(claimsOf(state)).to.have.deep.members([claimOn('/a'), { ...claimOn('/b'), filterPattern: 'NEW' }]);
    expect(bucket.read).to.deep.equal([STATE_KEY, 'registry/attachments/group-!b/cli.json']);
  });

  it('has what was announced since, and knows where', async () => {
    const bucket = new Bucket();
    const key = `${INTENTS}run-1.json`;
    await bucket.put(key, encodeIntents(new Map([['/a', { filterPattern: '', tags: {} }]])));
    const { state, intents } = await remember(bucket);
    expect(state.groups.get('/a')).to.include({ by: 'registrar', seen: false });
    expect(intents).to.deep.equal([key]);
  });
});

describe('Objects', () => {
  it('are all listed, however many they are', async () => {
    const bucket = new Bucket();
    for (let i = 0; i < 2_500; i++) await bucket.put(`a/${i}`, Buffer.from(''));
    await bucket.put('b', Buffer.from(''));
    expect(new Set((await listAll(bucket, 'a/')).map(({ key }) => key)).size).to.equal(2_500);
  });

  it('are read side by side, without those that are gone', async () => {
    const bucket = new Bucket();
    await bucket.put('a', Buffer.from('1'));
    const taken: string[] = [];
    await readAll(['a', 'gone'], bucket, (key, body) => taken.push(`${key}=${body}`));
    expect(taken).to.deep.equal(['a=1']);
  });

  it('fail all when one cannot be read', async () => {
    const get = async () => {
      throw new Error('denied');
    };
    expect((await failure(readAll(['a', 'b'], { get }, () => {}))).message).to.equal('denied');
  });
});

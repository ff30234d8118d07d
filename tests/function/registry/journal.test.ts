import { expect } from 'chai';
import { StorageFailed } from '../../../function/aws/objects.ts';
import { parseIntents } from '../../../function/registry/intents.ts';
import { Journal } from '../../../function/registry/journal.ts';
import { decodeState, emptyState, STATE_KEY } from '../../../function/registry/state.ts';
import { Bucket } from '../../support/bucket.ts';

const INTENTS = new Map([['/a', { filterPattern: '', tags: { owner: 'x' } }]]);

function given(bucket = new Bucket(), intents: readonly string[] = []) {
  const state = { ...emptyState(), found: 7 };
  const journal = new Journal({ objects: bucket, state, requestId: 'r', intents });
  return { bucket, journal, keys: () => [...bucket.content.keys()] };
}

describe('The journal of a run', () => {
  it('has what is about to be done, until the state has it', async () => {
    const { bucket, journal, keys } = given();
    await journal.announce(INTENTS);
    await journal.announce(INTENTS);
    expect(keys()).to.deep.equal(['registry/intents/run-r-0.json', 'registry/intents/run-r-1.json']);
    expect(parseIntents((await bucket.get('registry/intents/run-r-0.json')) ?? Buffer.from(''))).to.deep.equal(INTENTS);
    await journal.save();
    expect(keys()).to.deep.equal([STATE_KEY]);
    expect(decodeState((await bucket.get(STATE_KEY)) ?? Buffer.from(''))).to.include({ found: 7 });
  });

  it('removes intents of others that the state has in it', async () => {
    const { bucket, journal, keys } = given(new Bucket(), ['registry/intents/old.json']);
    await bucket.put('registry/intents/old.json', Buffer.from('[]'));
    await bucket.put('registry/intents/new.json', Buffer.from('[]'));
    await journal.save();
    expect(keys()).to.deep.equal(['registry/intents/new.json', STATE_KEY]);
  });

  it('leaves intents that cannot be removed to the next time', async () => {
    const { bucket, journal, keys } = given();
    await journal.announce(INTENTS);
    const { remove } = bucket;
    bucket.remove = async (key) => {
      throw new StorageFailed('s3:DeleteObject', 'b', key, 'AccessDenied');
    };
    await journal.save();
    expect(keys()).to.deep.equal(['registry/intents/run-r-0.json', STATE_KEY]);
    bucket.remove = remove;
    await journal.save();
    expect(keys()).to.deep.equal([STATE_KEY]);
  });
});

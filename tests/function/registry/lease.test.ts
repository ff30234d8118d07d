import { expect } from 'chai';
import { LEASE_KEY, releaseLease, takeLease } from '../../../function/registry/lease.ts';
import { Bucket } from '../../support/bucket.ts';

const given = (bucket = new Bucket()) => ({
  bucket,
  take: (holder: string, now = 0) => takeLease({ objects: bucket, holder, now, until: now + 1_000 }),
});

describe('The lease', () => {
  it('is taken by one, and by the next when it is released', async () => {
    const { bucket, take } = given();
    expect(await take('a')).to.equal(true);
    expect(await take('b', 999)).to.equal(false);
    await releaseLease(bucket);
    expect(await take('b')).to.equal(true);
  });

  it('is taken over when its holder must be dead, by one only', async () => {
    const { take } = given();
    await take('a');
    expect(await Promise.all(['b', 'c', 'd'].map((holder) => take(holder, 1_000)))).to.deep.equal([true, false, false]);
    expect(await take('e', 1_999)).to.equal(false);
  });

  it('is still theirs whose first attempt was carried out and not answered', async () => {
    const { take } = given();
    await take('a');
    expect(await take('a', 5)).to.equal(true);
  });

  it('is over when it is no lease', async () => {
    const { bucket, take } = given();
    await bucket.put(LEASE_KEY, Buffer.from('x'));
    expect(await take('a')).to.equal(true);
  });

  it('is left to whoever released it in this moment', async () => {
    const bucket = new Bucket();
    bucket.putIf = async () => false;
    expect(await given(bucket).take('a')).to.equal(false);
  });
});

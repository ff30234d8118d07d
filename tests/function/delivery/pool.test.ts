import { expect } from 'chai';
import { Pool } from '../../../function/delivery/pool.ts';
import { failure } from '../failure.ts';

describe('A pool', () => {
  it('runs so many tasks side by side and no more', async () => {
    const pool = new Pool(3);
    let running = 0;
    let most = 0;
    for (let i = 0; i < 20; i++)
      await pool.start(async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      });
    await pool.finish();
    expect([running, most]).to.deep.equal([0, 3]);
  });

  it('starts no task after one has failed, lets the others end, and fails as the first', async () => {
    const pool = new Pool(2);
    const done: string[] = [];
    const first = new Error('first');
    await pool.start(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push('other');
    });
    await pool.start(() => Promise.reject(first));
    await pool.start(async () => {
      done.push('late');
    });
    pool.fail(new Error('second'));
    expect(await failure(pool.finish())).to.equal(first);
    expect(done).to.deep.equal(['other']);
    expect(pool.failed).to.equal(true);
  });

  it('does nothing of nothing', async () => {
    const pool = new Pool(1);
    await pool.finish();
    expect(pool.failed).to.equal(false);
  });
});

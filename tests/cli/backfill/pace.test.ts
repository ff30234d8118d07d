import { expect } from 'chai';
import { CallFailed } from '../../../cli/aws/call-failed.ts';
import { Pace } from '../../../cli/backfill/pace.ts';
import { FunctionFailed, InvocationFailed } from '../../../function/aws/invoke.ts';
import { failure } from '../../function/failure.ts';
import { ScriptedSurroundings } from '../scripted-surroundings.ts';

describe('The pace of calls', () => {
  let surroundings: ScriptedSurroundings;
  beforeEach(() => {
    surroundings = new ScriptedSurroundings([]);
  });
  const pace = (leastMs: number, attempts = 15) => new Pace({ ...surroundings, leastMs, attempts });
  const failed = (reason: string) =>
    new CallFailed({ call: 'logs:X', target: 'g', missing: '' }, Object.assign(new Error(), { name: reason }));
  /** Fails so often with an error, and then succeeds. */
  const failing = (times: number, error: Error) => {
    let calls = 0;
    return async () => {
      if (calls++ < times) throw error;
      return calls;
    };
  };

  it('is as AWS allows', async () => {
    const reading = pace(250);
    for (let i = 0; i < 4; i++) await reading.call(async () => {});
    expect(surroundings.waits).to.deep.equal([250, 250, 250]);
  });

  it('does not wait when the calls take longer than that', async () => {
    const reading = pace(250);
    for (let i = 0; i < 3; i++)
      await reading.call(async () => {
        surroundings.time += 300;
      });
    expect(surroundings.waits).to.deep.equal([]);
  });

  it('becomes slow when AWS throttles, and fast again little by little', async () => {
    const reading = pace(250);
    expect(await reading.call(failing(3, failed('ThrottlingException')))).to.equal(4);
    expect(surroundings.waits).to.deep.equal([500, 1000, 2000]);
    surroundings.waits.length = 0;
    for (let i = 0; i < 12; i++) await reading.call(async () => {});
    expect(surroundings.waits[0]).to.equal(2000);
    expect(surroundings.waits.at(-1)).to.equal(250);
    expect(surroundings.waits).to.deep.equal([...surroundings.waits].sort((a, b) => b - a));
  });

  it('gives up after so many calls', async () => {
    const error = failed('ThrottlingException');
    expect(await failure(pace(250).call(failing(99, error)))).to.equal(error);
    expect(surroundings.waits).to.have.length(14);
    expect(Math.max(...surroundings.waits)).to.equal(15_000);
  });

  for (const error of [
    new InvocationFailed('f', 'TooManyRequestsException'),
    new InvocationFailed('f', 'TimeoutError'),
    new FunctionFailed('Loki at loki is unreachable.'),
    failed('ECONNRESET'),
  ])
    it(`calls again after what may pass: ${error.message}`, async () => {
      expect(await pace(0, 6).call(failing(2, error))).to.equal(3);
      expect(surroundings.waits).to.deep.equal([500, 1000]);
    });

  for (const error of [
    new InvocationFailed('f', 'AccessDeniedException'),
    failed('ResourceNotFoundException'),
    new TypeError('a mistake of ours'),
  ])
    it(`does not call again after what will not: ${error.message}`, async () => {
      expect(await failure(pace(0, 6).call(failing(1, error)))).to.equal(error);
      expect(surroundings.waits).to.deep.equal([]);
    });

  it('makes no call for a user who has had enough', async () => {
    surroundings.interruption.abort();
    let calls = 0;
    await failure(pace(0).call(async () => calls++));
    expect(calls).to.equal(0);
  });
});

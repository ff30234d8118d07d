import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidReplayRequest, parseReplayRequest } from '../../../function/registry/replay-request.ts';

function problemsOf(event: unknown): string {
  try {
    parseReplayRequest(event);
  } catch (error) {
    if (error instanceof InvalidReplayRequest) return error.message;
    throw error;
  }
  throw new Error('The event is taken.');
}

describe('The request of a replay', () => {
  it('is for everything by default', () => {
    expect(parseReplayRequest({ action: 'replay' })).to.deep.equal({ filter: {}, dryRun: false, maxObjects: 1000 });
  });

  it('is read with all that it may have', () => {
    const filter = {
      group: '/aws/lambda/*',
      from: '2026-11-23T03:00Z',
      to: '2026-11-23T03:00:00.5+00:00',
      reason: 'too_far_behind',
    };
    const event = { filter, dryRun: true, after: 'parked/2026/11/23/x', maxObjects: 1 };
    expect(parseReplayRequest({ action: 'replay', ...event })).to.deep.equal(event);
    expect(parseReplayRequest({ action: 'replay', after: 'aws/lambda/async/f/x' }).after).to.equal(
      'aws/lambda/async/f/x',
    );
  });

  const WRONG: readonly (readonly [event: object, problem: string])[] = [
    [{ action: 'play' }, 'action must be replay.'],
    [{ dryrun: true }, 'the event has other fields than action, filter, dryRun, after, maxObjects.'],
    [{ dryRun: 'no' }, 'dryRun must be true or false.'],
    [{ after: 'state/x' }, 'after must be the next of an answer.'],
    [{ after: null }, 'after must be the next of an answer.'],
    [{ maxObjects: 0 }, 'maxObjects must be a whole number from 1 to 1000.'],
    [{ maxObjects: 1001 }, 'maxObjects must be a whole number from 1 to 1000.'],
    [{ maxObjects: 1.5 }, 'maxObjects must be a whole number from 1 to 1000.'],
    [{ filter: null }, 'filter must be an object.'],
    [{ filter: { groups: 'x' } }, 'filter has other fields than group, from, to, reason.'],
    [{ filter: { group: '' } }, 'filter.group must be a text.'],
    [{ filter: { reason: 1 } }, 'filter.reason must be a text.'],
    [{ filter: { from: '2h' } }, 'filter.from must be a time as in 2026-11-23T03:00:00Z.'],
    [{ filter: { from: '2026-11-23T03:00:00' } }, 'filter.from must be a time as in 2026-11-23T03:00:00Z.'],
    [{ filter: { to: '2026-13-23T03:00:00Z' } }, 'filter.to must be a time as in 2026-11-23T03:00:00Z.'],
    [{ filter: { from: '2026-11-23T03:00:00Z', to: '2026-11-23T03:00:00Z' } }, 'filter.from must be before filter.to.'],
  ];
  for (const [fields, problem] of WRONG)
    it(`is refused in one sentence: ${JSON.stringify(fields)}`, () => {
      expect(problemsOf({ action: 'replay', ...fields })).to.equal(
        `The registrar cannot replay what it is asked to: ${problem}`,
      );
    });

  it('is refused with everything that is wrong', () => {
    expect(problemsOf({ action: '', dryRun: 1, filter: { from: 1, group: 2 } })).to.match(
      /action .* dryRun .* filter\.group .* filter\.from /,
    );
  });

  it('is taken or refused with a reason, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (event, filter) => {
        expect(problemsOf(typeof event === 'object' ? { ...event, filter, action: 1 } : event)).to.match(/\.$/);
      }),
    );
  });
});

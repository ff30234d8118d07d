import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidRequest, parseRequest } from '../../../function/registry/request.ts';

const OWN = { logGroup: '/aws/lambda/x', tags: { owner: 'checkout' } };
const EVENT = { ...OWN, tf: { action: 'create', prev_input: null } };

/** The message that this event is refused with. */
function problemsOf(event: unknown): string {
  try {
    parseRequest(event);
  } catch (error) {
    if (error instanceof InvalidRequest) return error.message;
    throw error;
  }
  throw new Error('The event is taken.');
}

describe('A request of Terraform', () => {
  it('is read', () => {
    expect(parseRequest(EVENT)).to.deep.equal({ action: 'create', ...OWN, previous: null });
  });

  it('brings the registration that it replaces', () => {
    const prev_input = { logGroup: '/aws/lambda/x', tags: { sut: 'orders' } };
    expect(parseRequest({ ...OWN, tf: { action: 'update', prev_input } })).to.deep.equal({
      action: 'update',
      ...OWN,
      previous: prev_input,
    });
  });

  for (const event of [undefined, null, 'text', [EVENT]])
    it(`must be an object, not ${JSON.stringify(event)}`, () =>
      expect(problemsOf(event)).to.include('the event must be an object.'));

  for (const tf of [undefined, null, {}, { action: 'read' }, { action: ['create'] }, { action: 'toString' }])
    it(`must say what to do, not ${JSON.stringify(tf)}`, () =>
      expect(problemsOf({ ...OWN, tf })).to.include('tf.action must be create, update or delete.'));

  for (const logGroup of [undefined, '', 1, '/aws/lambda/x:*', '*', 'a b', 'x'.repeat(513)])
    it(`must name a log group, not ${JSON.stringify(logGroup)?.slice(0, 20)}`, () =>
      expect(problemsOf({ ...EVENT, logGroup })).to.include("logGroup must be a log group's name"));

  for (const tags of [undefined, null, [], 'owner', { owner: 1 }, { owner: null }])
    it(`must have tags, not ${JSON.stringify(tags)}`, () =>
      expect(problemsOf({ ...EVENT, tags })).to.include('tags must be an object of texts.'));

  it('is refused with everything that is wrong', () => {
    expect(problemsOf({ tf: { prev_input: { logGroup: '' } } })).to.equal(
      'The registrar takes what the module sends it: tf.action must be create, update or delete. ' +
        "logGroup must be a log group's name: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #. " +
        'tags must be an object of texts. ' +
        "tf.prev_input.logGroup must be a log group's name: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #. " +
        'tf.prev_input.tags must be an object of texts.',
    );
  });

  it('is taken or refused with a reason, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (own, tf) => {
        expect(problemsOf(typeof own === 'object' ? { ...own, tf } : own)).to.match(/^The registrar takes .*\.$/);
      }),
    );
  });
});

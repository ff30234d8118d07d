import { expect } from 'chai';
import { hasAction, InvalidAction, parseAction } from '../../../function/registry/action.ts';
import { TAG_RULE } from '../../../function/registry/rules.ts';

const create = { action: 'create', prev_input: null };
const ATTACH = { action: 'attach', logGroup: '/a', claimant: 'stack:1', tags: { owner: 'x' }, filterPattern: 'E' };
const REQUEST = {
  target: { kind: 'group', name: '/a' },
  claimant: 'stack:1',
  tags: { owner: 'x' },
  filterPattern: 'E',
  dryRun: false,
} as const;
const TAKEN = { target: REQUEST.target, claimant: 'stack:1', dryRun: false } as const;

describe('An action', () => {
  it('is told from what Terraform asks of the tags of a group', () => {
    expect(hasAction({ action: 'replay' })).to.equal(true);
    expect(hasAction({ action: 'attach', tf: create })).to.equal(true);
    for (const event of [{ logGroup: '/a', tags: {}, tf: create }, {}, null, ['action'], 'action'])
      expect(hasAction(event), JSON.stringify(event)).to.equal(false);
  });

  it('may be a run', () => {
    expect(parseAction({ action: 'reconcile' })).to.deep.equal({ action: 'reconcile', byTerraform: false });
    for (const action of ['create', 'update'])
      expect(parseAction({ action: 'reconcile', selection: 'hash', tf: { ...create, action } })).to.deep.equal({
        action: 'reconcile',
        byTerraform: true,
      });
  });

  it('may be to take everything back, at the end', () => {
    const event = { action: 'reconcile', selection: 'x', tf: { action: 'delete', prev_input: {} } };
    expect(parseAction(event)).to.deep.equal({ action: 'withdraw', byTerraform: true });
  });

  it('may be to attach a log group or a prefix', () => {
    expect(parseAction(ATTACH)).to.deep.equal({
      action: 'attach',
      request: REQUEST,
      previous: null,
      isUpdate: false,
      byTerraform: false,
    });
    const least = { action: 'attach', prefix: '/p', claimant: 'cli', dryRun: true };
    expect(parseAction(least)).to.deep.include({
      request: { target: { kind: 'prefix', name: '/p' }, claimant: 'cli', tags: {}, filterPattern: null, dryRun: true },
    });
  });

  it('may be to attach something else than before, for Terraform', () => {
    const tf = { action: 'update', prev_input: { ...ATTACH, logGroup: '/b' } };
    expect(parseAction({ ...ATTACH, prefix: null, note: 'x', tf })).to.deep.equal({
      action: 'attach',
      request: REQUEST,
      previous: { ...TAKEN, target: { kind: 'group', name: '/b' }, mustBe: false },
      isUpdate: true,
      byTerraform: true,
    });
  });

  it('may be to detach, where Terraform does not care whether it was attached', () => {
    const { tags, filterPattern, ...rest } = ATTACH;
    expect(parseAction({ ...rest, action: 'detach' })).to.deep.equal({
      action: 'detach',
      request: { ...TAKEN, mustBe: true },
      byTerraform: false,
    });
    expect(parseAction({ ...ATTACH, tf: { action: 'delete', prev_input: ATTACH } })).to.deep.equal({
      action: 'detach',
      request: { ...TAKEN, mustBe: false },
      byTerraform: true,
    });
  });

  it('may be to say how things are', () => {
    expect(parseAction({ action: 'status' })).to.deep.equal({ action: 'status', after: null });
    expect(parseAction({ action: 'status', after: '/a' })).to.deep.equal({ action: 'status', after: '/a' });
  });

  const WRONG: readonly (readonly [object, string])[] = [
    [{ action: 'reply' }, 'action must be replay, reconcile, attach, detach or status.'],
    [{ action: 'reconcile', tf: {} }, 'tf.action must be create, update or delete.'],
    [{ action: 'reconcile', now: true }, 'there are other fields than action, selection: now.'],
    [{ action: 'status', after: 1 }, 'after must be the next of an answer.'],
    [{ ...ATTACH, prefix: '/p' }, 'logGroup or prefix must be there, and not both.'],
    [{ ...ATTACH, logGroup: null }, 'logGroup or prefix must be there, and not both.'],
    [{ ...ATTACH, logGroup: '/a:b' }, 'logGroup must be 1 to 512 of the characters a-z A-Z 0-9 _ - / . #.'],
    [{ ...ATTACH, logGroup: null, prefix: '' }, 'prefix must be 1 to 512 of the characters a-z A-Z 0-9 _ - / . #.'],
    [{ ...ATTACH, claimant: 'ä' }, 'claimant must be 1 to 128 of the characters a-z A-Z 0-9 _ . : / @ - and space.'],
    [{ ...ATTACH, tags: { owner: 1 } }, 'tags must be an object of texts.'],
    [{ ...ATTACH, tags: { 'aws:x': '1' } }, `tags must each have ${TAG_RULE}.`],
    [{ ...ATTACH, filterPattern: 1 }, 'filterPattern must be a text or null.'],
    [{ ...ATTACH, filterPattern: 'x'.repeat(1025) }, 'filterPattern must have at most 1024 characters.'],
    [{ ...ATTACH, dryRun: 'no' }, 'dryRun must be true or false.'],
    [
      { ...ATTACH, tf: { action: 'update', prev_input: { logGroup: '/b' } } },
      'tf.prev_input.claimant must be 1 to 128 of the characters a-z A-Z 0-9 _ . : / @ - and space.',
    ],
  ];
  for (const [event, problem] of WRONG)
    it(`is refused in one sentence: ${JSON.stringify(event).slice(0, 120)}`, () => {
      expect(() => parseAction({ ...event })).to.throw(
        InvalidAction,
        `The registrar cannot do what it is asked to: ${problem}`,
      );
    });
});

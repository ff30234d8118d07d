import { expect } from 'chai';
import { absorb, encodeIntents, type Intent, intentsFor, parseIntents } from '../../../function/registry/intents.ts';
import { type Entry, UNKNOWN } from '../../../function/registry/state.ts';

const absorbed = (before: Entry | undefined, intent: Intent) => {
  const groups = new Map(before ? [['/a', before]] : []);
  absorb({ groups }, new Map([['/a', intent]]));
  return groups.get('/a');
};

describe('An intent', () => {
  it('has a key of its group', () => {
    expect(intentsFor('/aws/x')).to.equal('registry/intents/group-!aws!x/');
  });

  it('is read as it was written', () => {
    const intents = new Map<string, Intent>([
      ['/a', { filterPattern: '', tags: {} }],
      ['/b', { filterPattern: null, tags: { owner: 'x' } }],
    ]);
    expect(parseIntents(encodeIntents(intents))).to.deep.equal(intents);
  });

  for (const text of ['', '{}', '[1]', '[["/a"]]', '[["/a",{"filterPattern":1,"tags":{}}]]'])
    it(`is left out when it is none: ${text}`, () => {
      expect(parseIntents(Buffer.from(text)).size).to.equal(0);
    });

  it('makes the filter and the tags the registrar’s, and the group one to be looked at', () => {
    expect(absorbed(undefined, { filterPattern: 'ERROR', tags: { owner: 'x' } })).to.deep.equal({
      ...UNKNOWN,
      by: 'registrar',
      filterPattern: 'ERROR',
      written: { owner: ['x'] },
    });
  });

  it('leaves alone whose the filter is when it is only of tags', () => {
    const before: Entry = { ...UNKNOWN, by: 'terraform', filterPattern: '', seen: true, written: { owner: ['y'] } };
    expect(absorbed(before, { filterPattern: null, tags: { owner: 'x' } })).to.deep.equal({
      ...before,
      written: { owner: ['y', 'x'] },
    });
  });

  it('is newer than what was known of a group that was missing, or was created anew', () => {
    const before: Entry = { ...UNKNOWN, createdAt: 1, problem: { problem: 'missing', message: '', at: 1 } };
    expect(absorbed(before, { filterPattern: '', tags: {} })).to.include({ createdAt: null, problem: null });
  });
});

import { expect } from 'chai';
import { fill, isTemplate, piecesOf } from '../../../function/labels/template.ts';

describe('A template', () => {
  const VALUES = new Map(Object.entries({ owner: 'shop', 'Team Name': 'Checkout', log_group_name: 'fun', empty: '' }));
  const FILLED = {
    plain: 'plain',
    '{owner}': 'shop',
    '{owner}-{log_group_name}': 'shop-fun',
    '{empty|missing|Team Name|owner}': 'Checkout',
    'a | b: {missing}.': 'a | b: .',
    '{missing}': '',
    '{owner}{owner}': 'shopshop',
  };
  for (const [template, text] of Object.entries(FILLED))
    it(`${template} is filled to "${text}"`, () => {
      expect(isTemplate(template)).to.equal(true);
      expect(fill(piecesOf(template), (name) => VALUES.get(name) ?? '')).to.equal(text);
    });

  it('does not read what fills it as a template', () => {
    expect(fill(piecesOf('{tag}-{owner}'), (name) => (name === 'tag' ? '{owner}' : 'shop'))).to.equal('{owner}-shop');
  });

  for (const text of ['', '{', '}', '{}', '{a', 'a}', '{a{b}}', '{|a}', '{a|}', '{a||b}', undefined, null, 1])
    it(`is not ${JSON.stringify(text)}`, () => expect(isTemplate(text)).to.equal(false));

  it('that is empty has no pieces', () => {
    expect(piecesOf('')).to.deep.equal([]);
  });
});

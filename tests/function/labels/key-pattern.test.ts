import { expect } from 'chai';
import { keyMatcher } from '../../../function/labels/key-pattern.ts';

describe('An item of keys', () => {
  const CASES = {
    owner: { yes: ['owner'], no: ['Owner', 'owners', 'the owner', ''] },
    'app:*': { yes: ['app:', 'app:a', 'app:a:b'], no: ['app', 'myapp:a', 'App:a'] },
    '*:name': { yes: [':name', 'a:b:name'], no: ['name', 'a:name:b'] },
    'a*b*c': { yes: ['abc', 'a-b-c', 'abcbc'], no: ['acb', 'ab', 'abcd'] },
    '*': { yes: ['owner', '名前', 'a\u2028b'], no: ['aws:cloudformation:stack-name'] },
    'cost.center+2': { yes: ['cost.center+2'], no: ['cost-center+2', 'cost.centerr2'] },
    'cost.*': { yes: ['cost.center'], no: ['cost-center'] },
    'aws:*-name': { yes: ['aws:cloudformation:stack-name'], no: ['aws:cloudformation:stack-id'] },
    'aws:cloudformation:stack-name': { yes: ['aws:cloudformation:stack-name'], no: [] },
    '(a|b)[c]?{1}^$\\/': { yes: ['(a|b)[c]?{1}^$\\/'], no: ['a'] },
    '(a|b)[c]?{1}^$\\/*': { yes: ['(a|b)[c]?{1}^$\\/x'], no: ['a'] },
  };
  for (const [item, { yes, no }] of Object.entries(CASES))
    it(`finds by ${item} what it means, and nothing else`, () => {
      const finds = keyMatcher(item);
      expect(yes.filter((key) => !finds(key))).to.deep.equal([]);
      expect(no.filter(finds)).to.deep.equal([]);
    });
});

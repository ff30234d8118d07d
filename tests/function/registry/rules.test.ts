import { expect } from 'chai';
import { isLogGroupName, isTag } from '../../../function/registry/rules.ts';
import { hasTagKeyCharacters, isLogGroupPrefix, isTagKey, isTagValue } from '../../../modules/rules.ts';

/** The pattern of an expression of Terraform, whose regular expressions know what is used here as JavaScript's do. */
function patternOf(expression: string): RegExp {
  const [, pattern = ''] = /regex\("(.*?)",/.exec(expression) ?? [];
  return new RegExp(pattern.replaceAll('\\\\', '\\'), 'u');
}

const TEXTS = ['', '/a', 'a:b', 'aws:x', 'x'.repeat(128), 'x'.repeat(129), 'x'.repeat(255), 'x'.repeat(256)];
const MORE = ['x'.repeat(512), 'x'.repeat(513), '名 前', 'a=b', 'a;b', 'a*', 'a#', 'a\n', '-_.:/=+@'];

describe('What CloudWatch Logs takes', () => {
  for (const text of [...TEXTS, ...MORE]) {
    const said = JSON.stringify(text.slice(0, 20));
    it(`is to the functions what it is to the module: ${said} of ${text.length}`, () => {
      expect(isLogGroupName(text)).to.equal(patternOf(isLogGroupPrefix('x')).test(text));
      expect(isTag(text, '')).to.equal(patternOf(hasTagKeyCharacters('x')).test(text) && !text.startsWith('aws:'));
      expect(isTag('key', text)).to.equal(patternOf(isTagValue('x')).test(text));
    });
  }

  it('is no tag of AWS itself', () => {
    expect(isTag('Aws:cloudformation', '')).to.equal(false);
    expect(isTagKey('x')).to.include('!startswith(lower(x), "aws:")');
  });
});

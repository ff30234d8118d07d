import { expect } from 'chai';
import { BadDocument, blocksOf } from './fences.ts';

const read = (...lines: readonly string[]) => blocksOf('a.md', lines.join('\n'));

describe('The blocks of a document', () => {
  it('are found with file, line, language and text', () => {
    expect(read('# A', '', '```sh', 'ls', '', 'df', '```', '', '```hcl', 'a = 1', '```')).to.deep.equal([
      { file: 'a.md', line: 3, info: 'sh', text: 'ls\n\ndf\n', instructions: [] },
      { file: 'a.md', line: 9, info: 'hcl', text: 'a = 1\n', instructions: [] },
    ]);
  });

  it('are found in lists, less their indentation', () => {
    const [block] = read('1. So:', '', '   ```hcl', '   a {', '     b = 1', '', '   }', '   ```');
    expect(block).to.include({ line: 3, text: 'a {\n  b = 1\n\n}\n' });
  });

  it('end with a fence of the same kind that is as long', () => {
    expect(read('````text', '```', '~~~~', '````')[0]?.text).to.equal('```\n~~~~\n');
    expect(read('~~~text', '```', '~~~~')[0]?.text).to.equal('```\n');
  });

  it('have the instructions of the comment before them', () => {
    const [block] = read('<!-- test: with functions; ADDRESS=module.a -->', '```sh', 'ls', '```');
    expect(block?.instructions).to.deep.equal(['with functions', 'ADDRESS=module.a']);
  });

  it('are none where code is in a line', () => expect(read('Use ```ls``` or `df`.')).to.be.empty);

  for (const [what, lines, says] of [
    ['do not say their language', ['', '```', 'ls', '```'], 'a.md:2: the block does not say its language.'],
    ['say more than a language', ['```sh title=a', '```'], 'a.md:1: "sh title=a" is no name of a language.'],
    ['have no end', ['```sh', 'ls', '~~~', '``'], 'a.md:1: the block has no end.'],
    [
      'leave their list',
      ['  ```sh', '  ls', 'df', '  ```'],
      'a.md:3: the line is indented less than the fence of its block.',
    ],
    ...['> ```sh', '- ```sh', '1. ```sh', '\t```sh'].map(
      (line) =>
        [
          `begin with ${JSON.stringify(line)}`,
          [line, '```'],
          'a.md:1: a block has to begin on a line of its own, indented by spaces.',
        ] as const,
    ),
    [
      'are not below their comment',
      ['<!-- test: paths -->', '', '```text', '```'],
      'a.md:1: the line after a comment of how a block is tested has to begin the block.',
    ],
  ] as const)
    it(`are refused where they ${what}`, () => expect(() => read(...lines)).to.throw(BadDocument, says));
});

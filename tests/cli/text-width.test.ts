import { expect } from 'chai';
import { cutToWidth, padText, plainText, textWidth, wrapText } from '../../cli/text-width.ts';

describe('The width of a text', () => {
  for (const [text, width] of Object.entries({ '': 0, abc: 3, é: 1, 'e\u0301': 1, 名前: 4, '📦': 2 }))
    it(`is ${width} of ${JSON.stringify(text)}`, () => expect(textWidth(text)).to.equal(width));
});

describe('A text that is cut', () => {
  it('stays as it is when it fits', () => expect(cutToWidth('/aws/lambda/a', 13, 'middle')).to.equal('/aws/lambda/a'));

  it('keeps its beginning and its end, or its beginning', () => {
    expect(cutToWidth('/aws/lambda/checkout', 11, 'middle')).to.equal('/aws/…ckout');
    expect(cutToWidth('/aws/lambda/checkout', 10, 'middle')).to.equal('/aws/…kout');
    expect(cutToWidth('/aws/lambda/checkout', 10, 'end')).to.equal('/aws/lamb…');
  });

  it('has the width, or one less where a wide character does not fit', () => {
    for (let width = 0; width < 20; width++)
      for (const where of ['middle', 'end'] as const)
        expect(textWidth(cutToWidth('名前はまだない名前はまだない', width, where)))
          .to.be.at.most(width)
          .and.at.least(width - 2);
  });
});

it('A text is padded on either side by its width', () => {
  expect(padText('名', 4, 'left')).to.equal('名  ');
  expect(padText('7', 4, 'right')).to.equal('   7');
  expect(padText('abc', 2, 'left')).to.equal('abc');
});

it('A text loses what a terminal would obey', () => {
  expect(plainText('a\x1b[31mb\nc\u202ed')).to.equal('a\ufffd[31mb\ufffdc\ufffdd');
});

it('A text is wrapped between words, and a long word is kept whole', () => {
  expect(wrapText('a line of words', 7)).to.deep.equal(['a line', 'of', 'words']);
  expect(wrapText('averylongword and more', 5)).to.deep.equal(['averylongword', 'and', 'more']);
  expect(wrapText('', 5)).to.deep.equal(['']);
  expect(wrapText('all of it', Number.POSITIVE_INFINITY)).to.deep.equal(['all of it']);
});

import { expect } from 'chai';
import { currentText, GENERATED } from '../../tools/docs/write.ts';

describe('The documents that are made of the code', () => {
  for (const [file, generate] of Object.entries(GENERATED))
    it(`are what the code gives: ${file} (\`npm run docs\` writes it)`, () => {
      const text = currentText(file);
      expect(generate(text)).to.equal(text);
    });
});

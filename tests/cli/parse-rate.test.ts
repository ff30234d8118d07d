import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { parseRate } from '../../cli/parse-rate.ts';

describe('A rate on the command line', () => {
  for (const [text, rate] of Object.entries({ 1: 1, 1000: 1000, '500K': 512_000, '500k': 512_000, '1.5M': 1_572_864 }))
    it(`may be ${text}`, () => expect(parseRate(text)).to.equal(rate));

  for (const text of ['', '0', '0.5', '-1', 'K', '1G', '1 M', 'fast'])
    it(`cannot be ${JSON.stringify(text)}`, () => expect(() => parseRate(text)).to.throw(InvalidArgumentError));
});

import { expect } from 'chai';
import { bytesText } from '../../cli/bytes-text.ts';
import { durationText } from '../../cli/duration-text.ts';

const MINUTE = 60_000;

describe('For people', () => {
  const BYTES: readonly (readonly [number, string])[] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KB'],
    [10_188, '9.9 KB'],
    [10_240, '10 KB'],
    [1024 * 1024 - 1, '1.0 MB'],
    [5 * 1024 ** 3, '5.0 GB'],
    [5000 * 1024 ** 4, '5000 TB'],
  ];
  for (const [bytes, text] of BYTES) it(`${bytes} bytes are ${text}`, () => expect(bytesText(bytes)).to.equal(text));

  const DURATIONS: readonly (readonly [number, string])[] = [
    [-5, '< 1 min'],
    [59_999, '< 1 min'],
    [MINUTE, '1 min'],
    [59.9 * MINUTE, '59 min'],
    [25 * 60 * MINUTE, '1 d'],
    [5 * 60 * MINUTE, '5 h'],
  ];
  for (const [ms, text] of DURATIONS) it(`${ms} ms are ${text}`, () => expect(durationText(ms)).to.equal(text));
});

import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { parseTime } from '../../cli/parse-time.ts';

const NOW = Date.parse('2026-11-23T12:00:00.250Z');

describe('A time on the command line', () => {
  const TIMES: Readonly<Record<string, string>> = {
    '2026-11-23': '2026-11-23T00:00:00.000Z',
    '2026-11-23T03:00': '2026-11-23T03:00:00.000Z',
    '2026-11-23T03:00:01.5Z': '2026-11-23T03:00:01.500Z',
    '2026-11-23T03:00:00+01:00': '2026-11-23T02:00:00.000Z',
    '30m': '2026-11-23T11:30:00.250Z',
    '2h': '2026-11-23T10:00:00.250Z',
    '3d': '2026-11-20T12:00:00.250Z',
    '1w': '2026-11-16T12:00:00.250Z',
    '0h': '2026-11-23T12:00:00.250Z',
  };
  for (const [text, time] of Object.entries(TIMES))
    it(`may be ${text}`, () => expect(parseTime(text, NOW)).to.equal(time));

  for (const text of [
    '',
    'now',
    'h',
    '2',
    '-2h',
    '2y',
    '1.5h',
    '2026-02-30',
    '2026-11-23T25:00Z',
    '23.11.2026',
    '2026-11-23 03:00',
  ])
    it(`cannot be ${JSON.stringify(text)}`, () => expect(() => parseTime(text, NOW)).to.throw(InvalidArgumentError));
});

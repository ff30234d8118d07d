import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import {
  decodeState,
  emptyState,
  encodeState,
  InvalidState,
  type State,
  UNKNOWN,
} from '../../../function/registry/state.ts';

const STATE: State = {
  ...emptyState(),
  filterName: 'loki-shipper',
  groups: new Map([
    [
      '/b',
      {
        ...UNKNOWN,
        by: 'registrar',
        filterPattern: '',
        seen: true,
        tags: { owner: 'x' },
        readAt: 5,
        written: { owner: ['x'] },
        createdAt: 1,
        problem: { problem: 'filter_limit', message: 'Too many.', at: 7 },
      },
    ],
    ['/a', { ...UNKNOWN, tags: {} }],
  ]),
  claims: new Map([
    [
      'registry/attachments/x',
      {
        etag: '"1"',
        claim: { target: { kind: 'group', name: '/b' }, claimant: 'cli', tags: {}, filterPattern: null, at: 'then' },
      },
    ],
  ]),
  tagCursor: 'token',
  verified: '/a',
  found: 2,
  catalogue: { hash: 'h', etag: null },
  run: { at: 'then', remaining: 3, error: null },
};

describe("The registrar's state", () => {
  it('is read as it was written', () => {
    expect(decodeState(encodeState(STATE))).to.deep.equal(STATE);
    expect(decodeState(encodeState(emptyState()))).to.deep.equal(emptyState());
  });

  it('has the same bytes for the same content', () => {
    const other = { ...STATE, groups: new Map([...STATE.groups].reverse()) };
    expect(encodeState(other).equals(encodeState(STATE))).to.equal(true);
  });

  const WRONG = {
    'it is no gzip of a JSON object': [Buffer.from('x'), gzipSync('{'), gzipSync('[]')],
    'its version is 2, and 1 is known': [gzipSync('{"version":2}')],
  };
  for (const [reason, bodies] of Object.entries(WRONG))
    it(`is refused, with what it would cost to be without it: ${reason}`, () => {
      for (const body of bodies)
        expect(() => decodeState(body)).to.throw(
          InvalidState,
          `registry/state.json.gz is of no use: ${reason}. Without it the registrar starts anew, and leaves filters and tags alone`,
        );
    });
});

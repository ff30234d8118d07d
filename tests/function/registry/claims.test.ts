import { expect } from 'chai';
import {
  byAge,
  type Claim,
  claimKey,
  claimsOn,
  encodeClaim,
  InvalidClaim,
  isSame,
  parseClaim,
} from '../../../function/registry/claims.ts';

const CLAIM: Claim = {
  target: { kind: 'group', name: '/aws/lambda/x' },
  claimant: 'stack a/b:1@c',
  tags: { owner: 'x' },
  filterPattern: null,
  at: '2026-11-26T12:00:00.000Z',
};

describe('A claim', () => {
  it('has a key of its target and its claimant', () => {
    expect(claimKey(CLAIM.target, CLAIM.claimant)).to.equal(
      'registry/attachments/group-!aws!lambda!x/stack%20a%2Fb%3A1%40c.json',
    );
    expect(claimKey({ kind: 'prefix', name: '/aws/' }, 'cli')).to.equal('registry/attachments/prefix-!aws!/cli.json');
  });

  it('has a key that S3 takes, however long the names are', () => {
    const key = claimKey({ kind: 'prefix', name: '/'.repeat(512) }, '/'.repeat(128));
    expect(key.length).to.be.at.most(1024);
  });

  it('is not found among those on a group whose name only begins so', () => {
    expect(claimKey({ kind: 'group', name: '/a/b' }, 'x').startsWith(claimsOn({ kind: 'group', name: '/a' }))).to.equal(
      false,
    );
  });

  it('is read as it was written', () => {
    for (const claim of [CLAIM, { ...CLAIM, filterPattern: 'ERROR', target: { kind: 'prefix', name: '/a' } } as const])
      expect(parseClaim('key', encodeClaim(claim))).to.deep.equal(claim);
  });

  const WRONG = ['', '[]', '{"version":2}', JSON.stringify({ version: 1, ...CLAIM.target, claimant: 'x', tags: [] })];
  for (const json of WRONG)
    it(`is refused by its key when it is none: ${json}`, () => {
      expect(() => parseClaim('registry/attachments/x', Buffer.from(json))).to.throw(
        InvalidClaim,
        'registry/attachments/x is not a claim as the registrar writes it',
      );
    });

  it('comes after an older one', () => {
    const others = [
      { ...CLAIM, claimant: 'c', at: '2026-11-26T12:00:01.000Z' },
      { ...CLAIM, claimant: 'b', at: '2026-11-26T12:00:01.000Z' },
      { ...CLAIM, claimant: 'z' },
    ];
    expect(others.sort(byAge).map(({ claimant }) => claimant)).to.deep.equal(['z', 'b', 'c']);
  });

  it('is the same when its target and its claimant are', () => {
    expect(isSame(CLAIM, { ...CLAIM, tags: {} } as Claim)).to.equal(true);
    expect(isSame(CLAIM, { ...CLAIM, claimant: 'x' })).to.equal(false);
    expect(isSame(CLAIM, { ...CLAIM, target: { kind: 'prefix', name: '/aws/lambda/x' } })).to.equal(false);
  });
});

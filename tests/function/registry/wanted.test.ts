import { expect } from 'chai';
import type { Claim } from '../../../function/registry/claims.ts';
import { parseSelection } from '../../../function/registry/selection.ts';
import { type Wanted, wants } from '../../../function/registry/wanted.ts';
import { SELECTION } from '../../support/registry-scene.ts';

const claim = (changes: Partial<Claim> & { readonly group?: string; readonly prefix?: string }): Claim => {
  const { group, prefix, ...rest } = changes;
  return {
    target: prefix === undefined ? { kind: 'group', name: group ?? '/a' } : { kind: 'prefix', name: prefix },
    claimant: 'stack',
    tags: {},
    filterPattern: null,
    at: '2026-11-26T12:00:00.000Z',
    ...rest,
  };
};

const wantedOf = (
  name: string,
  selection: Partial<typeof SELECTION>,
  claims: readonly Claim[] = [],
): Wanted | undefined => wants(parseSelection(JSON.stringify({ ...SELECTION, ...selection })), claims)(name);

const OLD = { at: '2026-11-25T12:00:00.000Z' };

describe('What is wanted', () => {
  it('is a log group that is listed, under a prefix, or claimed, and no other', () => {
    expect(wantedOf('/a', { log_groups: { '/a': { tags: {}, filter_pattern: null } } })).to.not.equal(undefined);
    expect(wantedOf('/a', { prefixes: ['/'] })).to.not.equal(undefined);
    expect(wantedOf('/a', {}, [claim({})])).to.not.equal(undefined);
    expect(wantedOf('/a', {}, [claim({ prefix: '/' })])).to.not.equal(undefined);
    expect(wantedOf('/a', { prefixes: ['/b'] }, [claim({ group: '/aa' })])).to.equal(undefined);
  });

  it('is never a group that is excluded or our own, whoever asks for it', () => {
    const all = { log_groups: { '/a-1': { tags: {}, filter_pattern: null } }, prefixes: ['/'], excluded: ['/a-*'] };
    expect(wantedOf('/a-1', all, [claim({ group: '/a-1' })])).to.equal(undefined);
    expect(wantedOf('/aws/lambda/loki-shipper-registrar', { prefixes: ['/'] })).to.equal(undefined);
    expect(wantedOf('/ba-1', all)).to.not.equal(undefined);
  });

  it('names who asks, the module first, then claimants by age', () => {
    const selection = { log_groups: { '/a': { tags: {}, filter_pattern: null } }, prefixes: ['/', '/a', '/b'] };
    const claims = [claim({ claimant: 'young' }), claim({ claimant: 'old', prefix: '/', ...OLD })];
    expect(wantedOf('/a', selection, claims)?.wantedBy).to.deep.equal([
      'listed',
      'prefix /',
      'prefix /a',
      'old',
      'young',
    ]);
  });

  describe('of the pattern', () => {
    const claims = [claim({ filterPattern: 'YOUNG' }), claim({ claimant: 'old', filterPattern: 'OLD', ...OLD })];

    it("is the listed group's own, or the module's for it, whatever claims say", () => {
      const listed = (filter_pattern: string | null) => ({
        log_groups: { '/a': { tags: {}, filter_pattern } },
        filter_pattern: 'ALL',
      });
      expect(wantedOf('/a', listed('OWN'), claims)?.filterPattern).to.equal('OWN');
      expect(wantedOf('/a', listed(''), claims)?.filterPattern).to.equal('');
      expect(wantedOf('/a', listed(null), claims)?.filterPattern).to.equal('ALL');
    });

    it("is the oldest claim's", () => {
      expect(wantedOf('/a', {}, claims)?.filterPattern).to.equal('OLD');
      expect(wantedOf('/a', { prefixes: ['/'] }, claims)?.filterPattern).to.equal('OLD');
    });

    it('is the one for all where the oldest claim has none: a younger one must not narrow what it gets', () => {
      const old = claim({ claimant: 'old', filterPattern: null, ...OLD });
      expect(
        wantedOf('/a', { filter_pattern: 'ALL' }, [claim({ filterPattern: 'YOUNG' }), old])?.filterPattern,
      ).to.equal('ALL');
    });

    it("is the module's for a group under its prefix where Terraform manages, which would put it back", () => {
      const selection = { managed_by: 'terraform', prefixes: ['/'], filter_pattern: 'ALL' } as const;
      expect(wantedOf('/a', selection, claims)?.filterPattern).to.equal('ALL');
    });
  });

  describe('of the tags', () => {
    const claims = [
      claim({ tags: { owner: 'young', young: '1' } }),
      claim({ claimant: 'old', tags: { owner: 'old', old: '1' }, ...OLD }),
    ];
    const all = { owner: 'all', all: '1' };

    it('are those of all claims, with the value of the older one, and below them those for all groups', () => {
      expect(wantedOf('/a', { log_group_tags: all }, claims)?.tags).to.deep.equal({
        owner: 'old',
        old: '1',
        young: '1',
        all: '1',
      });
    });

    it("are the module's before all, for a listed group", () => {
      const listed = { log_groups: { '/a': { tags: { listed: '1', all: '2' }, filter_pattern: null } } };
      expect(wantedOf('/a', { ...listed, log_group_tags: all }, claims)?.tags).to.deep.equal({
        owner: 'all',
        old: '1',
        young: '1',
        all: '2',
        listed: '1',
      });
    });

    it("are Terraform's to write where it manages, but for those that only claims ask for", () => {
      const selection = { prefixes: ['/'], log_group_tags: all };
      const managed = wantedOf('/a', { ...selection, managed_by: 'terraform' }, claims);
      expect(managed).to.deep.include({ ofTerraform: true, tagsOfTerraform: all });
      expect(managed?.tags).to.deep.equal({ ...all, old: '1', young: '1' });
      expect(wantedOf('/a', selection, claims)).to.deep.include({ ofTerraform: false, tagsOfTerraform: {} });
      expect(wantedOf('/a', { managed_by: 'terraform' }, claims)).to.deep.include({ ofTerraform: false });
    });

    it('may be called as anything', () => {
      const tags = JSON.parse('{"__proto__":"x","constructor":"y"}');
      expect(Object.keys(wantedOf('/a', {}, [claim({ tags })])?.tags ?? {})).to.deep.equal([
        '__proto__',
        'constructor',
      ]);
    });
  });

  it('tells groups that only a prefix of the module asks for', () => {
    expect(wantedOf('/a', { prefixes: ['/'] })?.onlyByPrefix).to.equal(true);
    expect(wantedOf('/a', { prefixes: ['/'] }, [claim({})])?.onlyByPrefix).to.equal(false);
    expect(wantedOf('/a', {}, [claim({ prefix: '/' })])?.onlyByPrefix).to.equal(false);
  });
});

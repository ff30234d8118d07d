import { expect } from 'chai';
import fc from 'fast-check';
import type { LabelPolicy } from '../../../function/labels/policy.ts';
import { streamOf, type Tags } from '../../../function/labels/stream.ts';
import { anyText } from '../delivery/text.ts';
import { readSelector } from './selector.ts';

const SOURCE = {
  owner: '123456789012',
  logGroup: '/aws/lambda/fun-checkout',
  logStream: '2026/01/15/[$LATEST]0f1e',
  region: 'eu-central-1',
};
const BUILT_IN = {
  service_name: 'fun-checkout',
  log_group: SOURCE.logGroup,
  account_id: SOURCE.owner,
  region: SOURCE.region,
};

function given(tags: Tags, policy: Partial<LabelPolicy> = {}, source: Partial<typeof SOURCE> = {}) {
  const { labels, metadata } = streamOf({ ...SOURCE, ...source }, tags, { fromTags: [], static: {}, ...policy });
  return { labels: readSelector(labels), metadata: [...metadata] };
}

function labelsOf(...args: Parameters<typeof given>): Record<string, string> {
  return Object.fromEntries(given(...args).labels);
}

describe('The labels of a stream', () => {
  it('say where the lines come from, then what is equal for all, then the chosen tags in the order of the policy', () => {
    const policy = { static: { stage: 'prod', env: 'eu' }, fromTags: ['sut', 'Team-Name'] };
    expect([...given({ 'Team-Name': 'checkout', sut: 'orders', other: 'x' }, policy).labels]).to.deep.equal([
      ...Object.entries(BUILT_IN),
      ['env', 'eu'],
      ['stage', 'prod'],
      ['sut', 'orders'],
      ['Team_Name', 'checkout'],
    ]);
  });

  it('are written as LogQL', () => {
    expect(streamOf(SOURCE, { owner: 'a "b"' }, { fromTags: ['owner'], static: {} }).labels).to.equal(
      '{service_name="fun-checkout", log_group="/aws/lambda/fun-checkout", account_id="123456789012", region="eu-central-1", owner="a \\"b\\""}',
    );
  });

  const SERVICES = { '/ecs/orders': 'orders', plain: 'plain', 'a/b/c': 'c', '/aws/lambda/': undefined };
  for (const [logGroup, name] of Object.entries(SERVICES))
    it(`name the service ${name} for the log group ${logGroup}`, () =>
      expect(labelsOf({}, {}, { logGroup }).service_name).to.equal(name));

  it('have none for a tag that is not there or is empty', () => {
    expect(labelsOf({ owner: '' }, { fromTags: ['owner', 'sut', 'constructor'], static: { env: '' } })).to.deep.equal(
      BUILT_IN,
    );
  });

  it('keep the first where two become the same name', () => {
    const policy = {
      fromTags: ['region', 'env', 'team-name', 'team_name'],
      static: { env: 'prod', log_group: 'mine' },
    };
    const tags = { region: 'mine', env: 'mine', 'team-name': 'first', team_name: 'second' };
    expect(labelsOf(tags, policy)).to.deep.equal({ ...BUILT_IN, env: 'prod', team_name: 'first' });
  });

  it('give the name to a later tag when the first is not there', () => {
    expect(labelsOf({ team_name: 'second' }, { fromTags: ['team-name', 'team_name'] })).to.include({
      team_name: 'second',
    });
  });

  it('are fifteen at most, of which the built-in ones are four; the rest is structured metadata', () => {
    const fromTags = Array.from({ length: 20 }, (_, i) => `tag${i}`);
    const tags = Object.fromEntries(fromTags.map((key) => [key, 'x']));
    const { labels, metadata } = given(tags, { fromTags });
    expect([...labels.keys()]).to.deep.equal([...Object.keys(BUILT_IN), ...fromTags.slice(0, 11)]);
    expect(metadata.map(([name]) => name)).to.have.members(['log_stream', ...fromTags.slice(11)]);
  });
});

describe('The structured metadata of a stream', () => {
  it('is the log stream and then every tag that is no label, by its key', () => {
    const tags = { zone: 'a', owner: 'checkout', 'cost-center': '42', empty: '' };
    expect(given(tags, { fromTags: ['owner'] }).metadata).to.deep.equal([
      ['log_stream', SOURCE.logStream],
      ['cost_center', '42'],
      ['zone', 'a'],
    ]);
  });

  it("leaves out AWS's own tags", () => {
    expect(given({ 'aws:cloudformation:stack-name': 'x', awsome: 'y' }).metadata).to.deep.equal([
      ['log_stream', SOURCE.logStream],
      ['awsome', 'y'],
    ]);
  });

  it('keeps the first where two become the same name, and labels before all', () => {
    const tags = { 'a-b': 'first', a_b: 'second', region: 'mine', log_stream: 'mine', env: 'mine' };
    expect(given(tags, { static: { env: 'prod' } }).metadata).to.deep.equal([
      ['log_stream', SOURCE.logStream],
      ['a_b', 'first'],
    ]);
  });

  it('is without the log stream where a tag of that name is a label', () => {
    const { labels, metadata } = given({ log_stream: 'mine' }, { fromTags: ['log_stream'] });
    expect(labels.get('log_stream')).to.equal('mine');
    expect(metadata).to.deep.equal([]);
  });

  it('leaves out a tag whose key has no letter or digit for a name, which Loki answers with status 500', () => {
    expect(given({ 名前: 'x', '-': 'y', größe: 'z' }).metadata).to.deep.equal([
      ['log_stream', SOURCE.logStream],
      ['gr__e', 'z'],
    ]);
  });
});

describe('Any stream', () => {
  const key = fc.oneof(
    fc.constantFrom('owner', 'a-b', 'a_b', 'region', 'log_stream', 'constructor', '__proto__', 'aws:x', '名前', '1st'),
    anyText(20).filter((text) => text !== ''),
  );
  const tags = fc.array(fc.tuple(key, anyText(60)), { maxLength: 50 });
  const policy: fc.Arbitrary<LabelPolicy> = fc.record({
    fromTags: fc.array(key, { maxLength: 20 }),
    static: fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/), anyText(60), { maxKeys: 12 }),
  });

  it('is one that Loki takes', () => {
    fc.assert(
      fc.property(tags, policy, (tags, policy) => {
        const { labels, metadata } = given(Object.fromEntries(tags), policy);
        expect(labels.size).to.be.within(4, 15);
        for (const [name, value] of labels) {
          expect(name).to.match(/^(?!__)/);
          expect(value).not.to.equal('');
        }
        const names = metadata.map(([name]) => name);
        expect(new Set(names).size).to.equal(names.length);
        for (const [name, value] of metadata) {
          expect(name)
            .to.match(/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/)
            .and.match(/[a-zA-Z0-9]/);
          expect(value).not.to.equal('');
          expect(labels.has(name)).to.equal(false);
        }
      }),
    );
  });

  it('is the same in whatever order the tags come', () => {
    fc.assert(
      fc.property(tags, policy, fc.infiniteStream(fc.nat()), (tags, policy, order) => {
        const unique = Object.fromEntries(tags);
        const shuffled = Object.entries(unique)
          .map((tag) => ({ tag, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ tag }) => tag);
        expect(streamOf(SOURCE, Object.fromEntries(shuffled), policy)).to.deep.equal(streamOf(SOURCE, unique, policy));
      }),
    );
  });

  it('holds each tag with a value and a name of its own exactly once', () => {
    fc.assert(
      fc.property(tags, policy, (tags, policy) => {
        const letters = Object.fromEntries(tags.map(([, value], i) => [`tag-${i}`, value]));
        const { labels, metadata } = given(letters, {
          ...policy,
          fromTags: Object.keys(letters).filter((_, i) => i % 2),
        });
        const found = new Map([...labels, ...metadata]);
        for (const [key, value] of Object.entries(letters))
          expect(found.has(key.replace('-', '_'))).to.equal(value !== '');
      }),
    );
  });

  it('are cut at a character where a value is longer than Loki takes, and counted', () => {
    const { labels, labelValuesCut } = streamOf(
      SOURCE,
      { owner: '€'.repeat(1_000) },
      { fromTags: ['owner'], static: {} },
    );
    expect(readSelector(labels).get('owner')).to.equal('€'.repeat(682));
    expect(labelValuesCut).to.equal(1);
  });

  it('leave out of the metadata what is over 127 names or 64 KiB or has no name, and count it', () => {
    const policy = { fromTags: [], static: {} };
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`k${i}`, 'v']));
    expect(streamOf(SOURCE, many, policy))
      .to.deep.include({ metadataLeftOut: 4 })
      .and.to.have.property('metadata')
      .of.length(127);
    const large = streamOf(SOURCE, { a: 'x'.repeat(40_000), b: 'x'.repeat(40_000), c: 'y', 名前: 'z' }, policy);
    expect(large.metadata.map(([name]) => name)).to.deep.equal(['log_stream', 'a', 'c']);
    expect(large.metadataLeftOut).to.equal(2);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { labelsOf } from '../../../function/labels/labels-of.ts';
import { BUILT_IN_LABELS, type LabelPolicy, parseLabelPolicy } from '../../../function/labels/policy.ts';
import { streamOf, type Tags } from '../../../function/labels/stream.ts';
import { anyLabels, anyTags } from '../../support/label-policies.ts';

const SOURCE = { owner: '123456789012', logGroup: '/aws/lambda/fun-checkout', logStream: 's', region: 'eu-central-1' };

function given(policy: Partial<LabelPolicy>, tags: Tags, logGroup = SOURCE.logGroup) {
  const { labels, leftOut } = labelsOf({ ...SOURCE, logGroup }, tags, { fromTags: [], static: {}, ...policy });
  return { labels, leftOut, names: labels.map(({ name }) => name), values: valuesOf(labels) };
}

function valuesOf(labels: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(labels.map(({ name, value }) => [name, value]));
}

/** The labels that are no built-in ones. */
function ownLabels(...args: Parameters<typeof given>): string[] {
  return given(...args).names.filter((name) => !(BUILT_IN_LABELS as readonly string[]).includes(name));
}

describe('The labels of a log group', () => {
  it('say where each comes from', () => {
    const policy = { fromTags: ['Team-Name'], static: { env: 'prod' }, rename: { 'Team-Name': 'team' } };
    expect(given(policy, { 'Team-Name': 'checkout' }).labels).to.deep.equal([
      { name: 'service_name', value: 'fun-checkout', from: 'log group' },
      { name: 'log_group', value: '/aws/lambda/fun-checkout', from: 'log group' },
      { name: 'account_id', value: '123456789012', from: 'account' },
      { name: 'region', value: 'eu-central-1', from: 'region' },
      { name: 'env', value: 'prod', from: 'static' },
      { name: 'team', value: 'checkout', from: 'tag Team-Name' },
    ]);
  });

  describe('that patterns find', () => {
    const tags = { zone: 'x', 'app:b': 'x', owner: 'x', 'app:a': 'x', 'aws:x': 'x' };

    it('come by their keys, at the place of the pattern', () => {
      expect(ownLabels({ fromTags: ['zone', 'app:*', 'owner'] }, tags)).to.deep.equal([
        'zone',
        'app_a',
        'app_b',
        'owner',
      ]);
    });

    it('come at the place of the first item that finds them', () => {
      expect(ownLabels({ fromTags: ['app:b', '*', 'owner', 'app:*'] }, tags)).to.deep.equal([
        'app_b',
        'app_a',
        'owner',
        'zone',
      ]);
    });

    it('are fifteen with the others, and the rest is left out', () => {
      const many = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`t${10 + i}`, 'x']));
      const { names, leftOut } = given({ fromTags: ['t23', '*'], static: { env: 'x' } }, many);
      expect(names.slice(4)).to.deep.equal(['env', 't23', ...Object.keys(many).slice(0, 9)]);
      expect(leftOut).to.deep.equal(
        ['t19', 't20', 't21', 't22'].map((tag) => ({ tag, reason: 'Loki takes 15 labels' })),
      );
    });

    it('are left out, with the reason, where the name is taken or there is none', () => {
      const tags = { 'a-b': 'x', a_b: 'x', env: 'x', 'log-group': 'x', 名前: 'x' };
      expect(given({ fromTags: ['*'], static: { env: 'prod' } }, tags).leftOut).to.deep.equal([
        { tag: 'a_b', reason: 'the name a_b is taken (tag a-b)' },
        { tag: 'env', reason: 'the name env is taken (static)' },
        { tag: 'log-group', reason: 'the name log_group is taken (built in)' },
        { tag: '名前', reason: 'its key has no letter or digit of ASCII to name a label by' },
      ]);
    });
  });

  it('do not take the name of a built-in label that is not there', () => {
    expect(given({ fromTags: ['*'] }, { service_name: 'x' }, '/ends/with/').names).to.deep.equal([
      'log_group',
      'account_id',
      'region',
    ]);
  });

  it('have the names that the policy gives', () => {
    const policy = { fromTags: ['*'], rename: { 'Team-Name': 'team', 名前: 'name', constructor: 'c' } };
    expect(ownLabels(policy, { 'Team-Name': 'x', 名前: 'x', other: 'x', valueOf: 'x' })).to.deep.equal([
      'team',
      'other',
      'valueOf',
      'name',
    ]);
  });

  it('have values as the policy wants them', () => {
    const tags = { owner: '  Größe ', sut: '   ' };
    const fromTags = ['owner', 'sut'];
    expect(given({ fromTags }, tags).values).to.include({ owner: 'Größe' }).and.not.have.property('sut');
    expect(given({ fromTags, values: { trim: true, case: 'upper' } }, tags).values.owner).to.equal('GRÖßE');
    expect(given({ fromTags, values: { trim: false, case: 'lower' } }, tags).values).to.include({
      owner: '  größe ',
      sut: '   ',
    });
  });

  it('are none of the tags that are dropped', () => {
    const policy = { fromTags: ['*'], dropTags: ['internal:*', 'secret'] };
    expect(ownLabels(policy, { 'internal:a': 'x', secret: 'x', secrets: 'x' })).to.deep.equal(['secrets']);
  });

  describe('name the service', () => {
    const tags = { service: '', owner: ' Shop ', secret: 'x' };
    const serviceOf = (serviceName: string, logGroup?: string, policy: Partial<LabelPolicy> = {}) =>
      given({ serviceName, ...policy }, tags, logGroup).labels.find(({ name }) => name === 'service_name');

    it('by a template', () => {
      expect(serviceOf('{service|owner}-{log_group_name}')).to.deep.equal({
        name: 'service_name',
        value: 'Shop-fun-checkout',
        from: 'template',
      });
      expect(serviceOf('{log_group}')?.value).to.equal('/aws/lambda/fun-checkout');
    });

    it('by the last part of the name of the group where the template gives nothing', () => {
      expect(serviceOf('{service}{missing}')).to.include({ value: 'fun-checkout', from: 'log group' });
      expect(serviceOf('{service}', '/ends/with/')).to.equal(undefined);
    });

    it('by values as the policy wants them, and by tags that are dropped', () => {
      expect(serviceOf('{owner}', undefined, { values: { trim: true, case: 'lower' } })?.value).to.equal('shop');
      expect(serviceOf('{secret}', undefined, { dropTags: ['secret'] })?.value).to.equal('x');
    });
  });

  describe('under prefixes', () => {
    const tags = { owner: 'Shop', sut: 'Orders' };
    const policy: LabelPolicy = {
      fromTags: ['owner'],
      static: { env: 'prod' },
      values: { trim: true, case: 'lower' },
      byPrefix: {
        '/ecs/': { static: { env: 'test' } },
        '/ecs/orders/': { fromTags: ['sut'], serviceName: '{sut}' },
        '/ecs/orders/none/': { fromTags: [], static: {} },
      },
    };

    it('are those of the longest that fits, with what it does not set from the policy for all', () => {
      const valuesFor = (logGroup: string) => {
        const { log_group: _, account_id: __, region: ___, ...values } = given(policy, tags, logGroup).values;
        return values;
      };
      expect(valuesFor('/aws/ecs/x')).to.deep.equal({ service_name: 'x', env: 'prod', owner: 'shop' });
      expect(valuesFor('/ecs/x')).to.deep.equal({ service_name: 'x', env: 'test', owner: 'shop' });
      expect(valuesFor('/ecs/orders/x')).to.deep.equal({ service_name: 'orders', env: 'prod', sut: 'orders' });
      expect(valuesFor('/ecs/orders/none/x')).to.deep.equal({ service_name: 'x' });
    });
  });
});

describe('The structured metadata under a policy', () => {
  const metadataOf = (tags: Tags, policy: Partial<LabelPolicy>) =>
    Object.fromEntries(streamOf(SOURCE, tags, { fromTags: [], static: {}, ...policy }).metadata);

  it('has tags under their other names, with the values that they have', () => {
    expect(
      metadataOf({ 'Team-Name': ' A ' }, { rename: { 'Team-Name': 'team' }, values: { trim: true, case: 'lower' } }),
    ).to.deep.equal({ log_stream: 's', team: ' A ' });
  });

  it('has no tags that are dropped', () => {
    expect(metadataOf({ 'app:a': 'x', 'app-a': 'x' }, { dropTags: ['app:*'] })).to.deep.equal({
      log_stream: 's',
      app_a: 'x',
    });
  });

  it('has the chosen tags that are over fifteen labels, and counts them', () => {
    const tags = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`t${10 + i}`, 'x']));
    const stream = streamOf(SOURCE, tags, { fromTags: ['*'], static: {} });
    expect(stream.metadata).to.deep.equal([
      ['log_stream', 's'],
      ['t21', 'x'],
      ['t22', 'x'],
    ]);
    expect(stream).to.include({ labelsLeftOut: 2, metadataLeftOut: 0 });
  });

  it('counts tags whose name is taken', () => {
    const stream = streamOf(SOURCE, { 'a-b': 'x', a_b: 'x', region: 'x' }, { fromTags: [], static: {} });
    expect(stream).to.include({ labelsLeftOut: 0, metadataLeftOut: 2 });
  });
});

describe('Any policy', () => {
  const anyPolicy = fc
    .tuple(anyLabels, fc.dictionary(fc.constantFrom('/', '/aws', '/aws/lambda/', '/ecs/'), anyLabels, { maxKeys: 3 }))
    .map(([labels, by_prefix]) => {
      const problems: string[] = [];
      const policy = parseLabelPolicy({ from_tags: [], static: {}, ...labels, by_prefix }, problems);
      expect(problems).to.deep.equal([]);
      return { labels, policy };
    });
  const anyGroup = fc.constantFrom(SOURCE.logGroup, '/aws/lambda/', '/ecs/x', 'x');

  it('gives what Loki takes: at most 15 labels of valid and different names, and no tag as both label and metadata', () => {
    fc.assert(
      fc.property(anyPolicy, anyTags, anyGroup, ({ policy }, tags, logGroup) => {
        const { labels, used } = labelsOf({ ...SOURCE, logGroup }, tags, policy);
        const { metadata } = streamOf({ ...SOURCE, logGroup }, tags, policy);
        const names = [...labels.map(({ name }) => name), ...metadata.map(([name]) => name)];
        expect(labels).to.have.length.within(3, 15);
        expect(new Set(names).size).to.equal(names.length);
        for (const name of names) expect(name).to.match(/^(?:[a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*$/);
        for (const { value } of labels) expect(value).not.to.equal('');
        const fromTags = labels.filter(({ from }) => from.startsWith('tag '));
        expect(fromTags.map(({ from }) => from.slice(4))).to.deep.equal([...used]);
      }),
    );
  });

  it('puts each tag in one place: a label, metadata, dropped, or counted as left out', () => {
    fc.assert(
      fc.property(anyLabels, anyTags, ({ drop_tags: _, ...input }, tags) => {
        const policy = parseLabelPolicy({ from_tags: [], static: {}, ...input }, []);
        const { labels, used } = labelsOf(SOURCE, tags, policy);
        const { metadata, metadataLeftOut } = streamOf(SOURCE, tags, policy);
        const own = metadata.filter(([, value]) => value !== SOURCE.logStream).length;
        // The log stream is left out too where a label has its name.
        const others = metadataLeftOut - (labels.some(({ name }) => name === 'log_stream') ? 1 : 0);
        expect(used.size + own + others).to.equal(Object.values(tags).filter((value) => value !== '').length);
      }),
    );
  });

  it('leaves the built-in labels and the static ones as they are', () => {
    fc.assert(
      fc.property(anyLabels, anyTags, ({ service_name: _, ...labels }, tags) => {
        const policy = parseLabelPolicy({ from_tags: [], static: {}, ...labels }, []);
        expect(given(policy, tags).values).to.include({
          ...labels.static,
          service_name: 'fun-checkout',
          log_group: SOURCE.logGroup,
          account_id: SOURCE.owner,
          region: SOURCE.region,
        });
      }),
    );
  });

  it('gives the same whatever the order of the tags, and whatever was asked before', () => {
    fc.assert(
      fc.property(anyPolicy, anyTags, anyGroup, ({ policy }, tags, logGroup) => {
        const reversed = Object.fromEntries(Object.entries(tags).reverse());
        const first = labelsOf({ ...SOURCE, logGroup }, tags, policy);
        labelsOf({ ...SOURCE, logGroup: '/ecs/other' }, reversed, policy);
        expect(labelsOf({ ...SOURCE, logGroup }, reversed, structuredClone(policy))).to.deep.equal(first);
      }),
    );
  });

  it('chooses or leaves out, with a reason, each tag that an item names and that has a value', () => {
    fc.assert(
      fc.property(anyLabels, anyTags, ({ values: _, drop_tags: __, ...labels }, tags) => {
        const policy = parseLabelPolicy({ from_tags: [], static: {}, ...labels }, []);
        const { used, leftOut } = labelsOf(SOURCE, tags, policy);
        for (const key of labels.from_tags ?? [])
          if (tags[key]?.trim()) expect([...used, ...leftOut.map(({ tag }) => tag)]).to.include(key);
      }),
    );
  });
});

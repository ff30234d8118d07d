import { expect } from 'chai';
import { type LabelPolicy, parseLabelPolicy } from '../../../function/labels/policy.ts';

function problemsOf(json: unknown): string[] {
  const problems: string[] = [];
  parseLabelPolicy(json, problems);
  return problems;
}

function read(json: unknown): LabelPolicy {
  const problems: string[] = [];
  const policy = parseLabelPolicy(json, problems);
  expect(problems).to.deep.equal([]);
  return policy;
}

const LEAST = { from_tags: [], static: {} };
const NULLS = { from_tags: null, static: null, rename: null, service_name: null, values: null, drop_tags: null };

describe('The label policy', () => {
  it('is read from what the module writes', () => {
    expect(
      read({
        from_tags: ['owner', 'app:*'],
        rename: { owner: 'team' },
        static: { env: 'prod' },
        service_name: '{service|log_group_name}',
        values: { trim: false, case: 'upper' },
        drop_tags: ['internal:*'],
        by_prefix: { '/ecs/': { ...NULLS, static: {} }, '/aws/': NULLS },
        refresh_seconds: 300,
      }),
    ).to.deep.equal({
      fromTags: ['owner', 'app:*'],
      rename: { owner: 'team' },
      static: { env: 'prod' },
      serviceName: '{service|log_group_name}',
      values: { trim: false, case: 'upper' },
      dropTags: ['internal:*'],
      byPrefix: { '/ecs/': { static: {} }, '/aws/': {} },
    });
  });

  it('has nothing of what is not set', () => {
    expect(read(LEAST)).to.deep.equal({ fromTags: [], static: {} });
    expect(read({ ...NULLS, ...LEAST, by_prefix: null })).to.deep.equal({ fromTags: [], static: {} });
  });

  it('has the defaults of what is not said of values', () => {
    expect(read({ ...LEAST, values: {} }).values).to.deep.equal({ trim: true, case: 'keep' });
    expect(read({ ...LEAST, values: { trim: null, case: 'lower' } }).values).to.deep.equal({
      trim: true,
      case: 'lower',
    });
  });

  for (const json of [undefined, null, [], 'labels', 1])
    it(`is not ${JSON.stringify(json)}`, () => expect(problemsOf(json)).to.deep.equal(['It must be an object.']));

  for (const [field, values, right] of [
    ['from_tags', ['owner', [''], [1]], 'a list of tag keys'],
    ['static', ['x', [], { a: 1 }], 'an object of texts'],
    ['rename', ['x', [], { a: null }], 'an object of texts'],
    ['service_name', ['', '{', {}], 'a text with places for values, such as {service|log_group_name}'],
    ['drop_tags', ['owner', [''], {}], 'a list of tag keys'],
    [
      'values',
      ['lower', { case: 'title' }, { trim: 'yes' }],
      'an object of trim (true or false) and case (keep, lower or upper)',
    ],
  ] as const)
    for (const value of values)
      it(`refuses ${JSON.stringify(value)} for ${field}, also under a prefix`, () => {
        expect(problemsOf({ ...LEAST, [field]: value })).to.deep.equal([`${field} must be ${right}.`]);
        expect(problemsOf({ ...LEAST, by_prefix: { '/app/': { [field]: value } } })).to.deep.equal([
          `by_prefix["/app/"].${field} must be ${right}.`,
        ]);
      });

  for (const by_prefix of ['/app/', [], { '/app/': null }, { '/app/': 'x' }])
    it(`refuses ${JSON.stringify(by_prefix)} for by_prefix`, () =>
      expect(problemsOf({ ...LEAST, by_prefix })).to.deep.equal(['by_prefix must be an object of objects.']));

  it('needs from_tags and static', () => {
    expect(problemsOf({})).to.deep.equal([
      'from_tags must be a list of tag keys.',
      'static must be an object of texts.',
    ]);
  });

  it('gives tags only names that Loki takes', () => {
    const rename = { a: 'team', b: '1st', c: '_', d: '' };
    expect(problemsOf({ ...LEAST, rename, by_prefix: { '/app/': { rename: { a: 'x-y' } } } })).to.deep.equal([
      '"1st" in rename is not a label name that Loki takes.',
      '"_" in rename is not a label name that Loki takes.',
      '"" in rename is not a label name that Loki takes.',
      '"x-y" in by_prefix["/app/"].rename is not a label name that Loki takes.',
    ]);
  });

  it('has no more static labels than Loki takes with the built-in ones, so that none is left out', () => {
    const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`label${i}`, 'x']));
    expect(problemsOf({ ...LEAST, static: labels(11) })).to.deep.equal([]);
    expect(problemsOf({ ...LEAST, static: labels(12) })).to.deep.equal([
      'static must have at most 11 labels, because Loki takes 15 with the built-in ones.',
    ]);
  });
});

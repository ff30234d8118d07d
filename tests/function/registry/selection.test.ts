import { expect } from 'chai';
import { InvalidSelection, parseSelection } from '../../../function/registry/selection.ts';
import { SELECTION } from '../../support/registry-scene.ts';

const parse = (changes: object) => parseSelection(JSON.stringify({ ...SELECTION, ...changes }));

describe('The selection', () => {
  it('is read as the module writes it', () => {
    const log_groups = {
      '/a': { tags: { owner: 'x' }, filter_pattern: 'ERROR' },
      '/b': { tags: {}, filter_pattern: null },
    };
    expect(parse({ log_groups, prefixes: ['/p'], excluded: ['/p-*'], log_group_tags: { sut: 'y' } })).to.deep.equal({
      name: 'loki-shipper',
      managedBy: 'registrar',
      follow: true,
      logGroups: new Map([
        ['/a', { tags: { owner: 'x' }, filterPattern: 'ERROR' }],
        ['/b', { tags: {}, filterPattern: null }],
      ]),
      prefixes: ['/p'],
      excluded: ['/p-*'],
      ownLogGroups: ['/aws/lambda/loki-shipper-shipper', '/aws/lambda/loki-shipper-registrar'],
      filterPattern: '',
      logGroupTags: { sut: 'y' },
      maxLogGroups: 1_000,
      labels: { tags: ['owner'] },
    });
  });

  it('may have more than this version knows', () => {
    expect(parse({ more: 1 })).to.not.have.property('more');
  });

  it('is refused with everything that is wrong', () => {
    const wrong = {
      name: '',
      managed_by: 'me',
      follow: 'yes',
      log_groups: { '/a': { tags: { owner: 1 }, filter_pattern: 2 } },
      prefixes: '/p',
      excluded: [1],
      filter_pattern: null,
      log_group_tags: [],
      max_log_groups: 1.5,
    };
    expect(() => parse(wrong)).to.throw(
      InvalidSelection,
      'registry/selection.json is not as the module writes it: name must be a text. managed_by must be terraform or registrar. follow must be true or false. filter_pattern must be a text. log_group_tags must be an object of texts. max_log_groups must be a whole number. log_groups["/a"].tags must be an object of texts. log_groups["/a"].filter_pattern must be a text or null. prefixes must be a list of texts. excluded must be a list of texts.',
    );
  });

  it('is refused when it is of a newer version, whatever it has', () => {
    expect(() => parseSelection('{"version":2}')).to.throw(InvalidSelection, 'its version is 2, and 1 is known.');
  });

  for (const json of ['', '[]', 'null', '{'])
    it(`is refused when it is no object: ${json}`, () => {
      expect(() => parseSelection(json)).to.throw(InvalidSelection, 'it must be an object of JSON.');
    });
});

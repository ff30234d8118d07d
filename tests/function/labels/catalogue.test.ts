import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { Catalogue, encodeCatalogue, InvalidCatalogue } from '../../../function/labels/catalogue.ts';
import type { Tags } from '../../../function/labels/stream.ts';
import { anyText } from '../delivery/text.ts';

const PLACE = { account: '123456789012', region: 'eu-central-1' };

function encode(groups: Readonly<Record<string, Tags>>): Buffer {
  return encodeCatalogue({ ...PLACE, groups: new Map(Object.entries(groups)) });
}

function read(text: string | Buffer): Catalogue {
  return Catalogue.read(gzipSync(text), PLACE);
}

const HEAD = '{"version":1,"account":"123456789012","region":"eu-central-1","groups":1}';

describe('A catalogue of log groups', () => {
  it('is gzip of a line for each log group by its name, with its tags by their keys', () => {
    const gz = encode({ '/b': { zone: 'a', owner: 'x', 10: 'ten', 9: 'nine' }, '/a': {} });
    expect(gunzipSync(gz).toString()).to.equal(
      [
        '{"version":1,"account":"123456789012","region":"eu-central-1","groups":2}',
        '["/a",{}]',
        '["/b",{"10":"ten","9":"nine","owner":"x","zone":"a"}]',
        '',
      ].join('\n'),
    );
  });

  it('is the same bytes for the same content, in whatever order it comes', () => {
    const one = encode({ '/a': { x: '1', y: '2' }, '/b': {} });
    const other = encode({ '/b': {}, '/a': { y: '2', x: '1' } });
    expect(one.equals(other)).to.equal(true);
    expect(one.readUInt32LE(4), "gzip's time").to.equal(0);
  });

  it('finds a log group by its whole name', () => {
    const catalogue = Catalogue.read(
      encode({ '/a': { owner: 'x' }, '/a/b': { owner: 'y' }, b: { owner: 'z' } }),
      PLACE,
    );
    expect(catalogue.tagsOf('/a')).to.deep.equal({ owner: 'x' });
    expect(catalogue.tagsOf('/a/b')).to.deep.equal({ owner: 'y' });
    expect(catalogue.tagsOf('b')).to.deep.equal({ owner: 'z' });
    expect(['/', '/a/', 'a', '/b', ''].map((name) => catalogue.tagsOf(name))).to.deep.equal(Array(5).fill(undefined));
  });

  it('is not misled by tags that look like log groups', () => {
    const catalogue = Catalogue.read(encode({ '/a': { '\n["/b",': '\n["/b",{"owner":"x"}]\n' } }), PLACE);
    expect(catalogue.tagsOf('/b')).to.equal(undefined);
  });

  it('may be empty', () => {
    const catalogue = Catalogue.read(encode({}), PLACE);
    expect([catalogue.tagsOf('/a'), [...catalogue.groups()]]).to.deep.equal([undefined, []]);
  });

  it('gives back what was put into it, whatever the tags are', () => {
    const names = fc.stringMatching(/^[a-zA-Z0-9_/.#-]{1,60}$/);
    const tags = fc.dictionary(fc.oneof(anyText(20), fc.constantFrom('__proto__', '1')), anyText(40), { maxKeys: 6 });
    const content = fc.array(fc.tuple(names, tags), { maxLength: 30 }).map((groups) => new Map(groups));
    fc.assert(
      fc.property(content, (groups) => {
        const catalogue = Catalogue.read(encodeCatalogue({ ...PLACE, groups }), PLACE);
        for (const [name, tags] of groups)
          expect(Object.entries(catalogue.tagsOf(name) ?? {})).to.have.deep.members(Object.entries(tags));
        expect([...catalogue.groups()].map(([name]) => name)).to.deep.equal([...groups.keys()].sort());
      }),
    );
  });

  it('is refused when it is not gzip, or not all of it', () => {
    const gz = encode({ '/a': { owner: 'x' } });
    for (const damaged of [Buffer.alloc(0), Buffer.from('{}'), gz.subarray(0, -1), gz.subarray(0, 12)])
      expect(() => Catalogue.read(damaged, PLACE)).to.throw(InvalidCatalogue, 'it is not valid gzip');
  });

  it('is refused or the same when one of its bytes is another', () => {
    const groups = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`/aws/lambda/fun-${i}`, { owner: `x${i}` }]),
    );
    const gz = encode(groups);
    fc.assert(
      fc.property(fc.nat(gz.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(gz);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        let catalogue: Catalogue;
        try {
          catalogue = Catalogue.read(damaged, PLACE);
        } catch (error) {
          expect(error).to.be.instanceOf(InvalidCatalogue);
          return;
        }
        expect(Object.fromEntries(catalogue.groups())).to.deep.equal(groups);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused when it is no catalogue', () => {
    for (const text of ['', '\n', 'x\n', '[]\n', '{}\n', '{"version":"1"}\n', HEAD])
      expect(() => read(text), text).to.throw(InvalidCatalogue, 'its first line is not one');
  });

  it('is refused when its last line is not whole', () => {
    expect(() => read(`${HEAD}\n["/a",{}]`)).to.throw(InvalidCatalogue, 'its last line is not whole');
  });

  it('is refused when it is of another version', () => {
    expect(() => read(`${HEAD.replace('"version":1', '"version":2')}\n`)).to.throw(
      'The catalogue of log groups is of no use: its version is 2, and 1 is known.',
    );
  });

  it('is refused when it is of another account or region', () => {
    const gz = encode({ '/a': {} });
    for (const place of [
      { ...PLACE, account: '210987654321' },
      { ...PLACE, region: 'eu-west-1' },
    ])
      expect(() => Catalogue.read(gz, place)).to.throw(InvalidCatalogue, 'it is of another account or region than');
  });

  it('is refused when it unpacks to more than 64 MB', () => {
    expect(() => read(Buffer.alloc(64 * 1024 * 1024 + 1))).to.throw(
      InvalidCatalogue,
      'it has more than 67108864 bytes',
    );
  });

  it('is not made when nobody could read it', () => {
    const groups = new Map([['/a', { owner: 'x'.repeat(64 * 1024 * 1024) }]]);
    expect(() => encodeCatalogue({ ...PLACE, groups })).to.throw(InvalidCatalogue, 'more than 67108864 bytes');
  });

  it('tells a damaged line from a log group that it does not have', () => {
    const catalogue = read(`${HEAD}\n["/a",{"owner":1}]\n["/b",{]\n["/c",{}]\n`);
    for (const name of ['/a', '/b'])
      expect(() => catalogue.tagsOf(name)).to.throw(InvalidCatalogue, 'a line of it is no log group');
    expect(catalogue.tagsOf('/c')).to.deep.equal({});
    expect(() => [...catalogue.groups()]).to.throw(InvalidCatalogue);
  });
});

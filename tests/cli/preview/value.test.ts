import { expect } from 'chai';
import { read, readJson, readNumber, readText } from '../../../cli/preview/value.ts';

const side = (values: unknown, unknown: unknown = {}, sensitive: unknown = {}) => ({ values, unknown, sensitive });

describe('A value of a plan', () => {
  it('is what is at its path', () => {
    const values = { a: [{ b: 'c', n: 1 }], json: '{"x":[1]}' };
    expect(readText(side(values), 'a', 0, 'b')).to.deep.equal({ known: 'c' });
    expect(readNumber(side(values), 'a', 0, 'n')).to.deep.equal({ known: 1 });
    expect(readJson(side(values), 'json')).to.deep.equal({ known: { x: [1] } });
  });

  it('is nothing where there is nothing, or something else', () => {
    for (const values of [null, 'text', [], {}, { a: null }, { a: 1 }])
      expect(readText(side(values), 'a')).to.deep.equal({ known: null });
    expect(readNumber(side({ a: '1' }), 'a')).to.deep.equal({ known: null });
    expect(read(side({}), 'constructor', 'name')).to.deep.equal({ known: undefined });
  });

  it('is unknown where a mark says so, at it, above it, or in it', () => {
    for (const mark of [true, { a: true }, { a: { b: true } }, { a: { b: { c: [false, true] } } }])
      expect(read(side({ a: { b: {} } }, mark), 'a', 'b')).to.deep.equal({ hidden: 'unknown' });
    expect(readText(side({ a: 'x', b: 'y' }, { b: true }), 'a')).to.deep.equal({ known: 'x' });
  });

  it('is sensitive where a mark says so, and then not told', () => {
    for (const mark of [true, { a: true }, { a: { b: true } }])
      expect(read(side({ a: { b: 'secret' } }, {}, mark), 'a', 'b')).to.deep.equal({ hidden: 'sensitive' });
    expect(read(side({ a: { b: 'secret' } }, {}, { a: { b: true } }), 'a')).to.deep.equal({ hidden: 'sensitive' });
  });

  it('is unreadable where a text should hold JSON and does not', () => {
    expect(readJson(side({ a: '{' }), 'a')).to.deep.equal({ hidden: 'unreadable' });
    expect(readJson(side({}), 'a')).to.deep.equal({ known: null });
  });

  it('is found under marks of any depth', () => {
    let mark: unknown = true;
    for (let i = 0; i < 100_000; i++) mark = { deeper: mark };
    expect(read(side({ a: 'x' }, { a: mark }), 'a')).to.deep.equal({ hidden: 'unknown' });
  });
});

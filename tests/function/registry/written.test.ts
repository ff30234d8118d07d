import { expect } from 'chai';
import { announce, confirm, stillWritten } from '../../../function/registry/written.ts';

describe('The tags that the registrar wrote', () => {
  it('are told from what others put in their place', () => {
    const written = confirm({}, { owner: 'x', sut: 'y', gone: 'z' });
    expect(stillWritten(written, { owner: 'x', sut: 'other', foreign: 'x' })).to.deep.equal(['owner']);
  });

  it('may be one or the other where two wrote at the same time', () => {
    const written = announce(confirm({}, { owner: 'x' }), { owner: 'y' });
    expect(stillWritten(written, { owner: 'x' })).to.deep.equal(['owner']);
    expect(stillWritten(written, { owner: 'y' })).to.deep.equal(['owner']);
    expect(stillWritten(written, { owner: 'z' })).to.deep.equal([]);
    expect(stillWritten(confirm(written, { owner: 'y' }), { owner: 'x' })).to.deep.equal([]);
  });

  it('are each kept once', () => {
    expect(announce(announce({}, { owner: 'x' }), { owner: 'x' })).to.deep.equal({ owner: ['x'] });
  });
});

import { inspect } from 'node:util';
import { expect } from 'chai';
import { LokiShipperError } from '../../function/errors.ts';

class SomethingWrong extends LokiShipperError {
  override readonly name = 'SomethingWrong';
}

describe('An error of the shipper', () => {
  it('is an Error with name and message', () => {
    const error = new SomethingWrong('The URL is wrong.');
    expect(error).to.be.instanceOf(Error).and.to.include({ name: 'SomethingWrong', message: 'The URL is wrong.' });
    expect(`${error}`).to.equal('SomethingWrong: The URL is wrong.');
  });

  it('shows no stack trace', () => {
    const error = new SomethingWrong('The URL is wrong.');
    expect(error.stack).to.equal('SomethingWrong: The URL is wrong.');
    expect(inspect(error)).not.to.contain('errors.test');
  });
});

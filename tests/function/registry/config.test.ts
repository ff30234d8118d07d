import { expect } from 'chai';
import { InvalidRegistrarConfig, loadRegistrarConfig } from '../../../function/registry/config.ts';

const ENV = { BUCKET: 'b', SHIPPER_FUNCTION: 'loki-shipper-shipper', SHIPPER_TIMEOUT: '60' };

describe('The settings of the registrar', () => {
  it('are read', () => {
    expect(loadRegistrarConfig(ENV)).to.deep.equal({
      bucket: 'b',
      shipper: 'loki-shipper-shipper',
      shipperTimeoutMs: 60_000,
    });
  });

  it('are refused with everything that is wrong', () => {
    expect(() => loadRegistrarConfig({})).to.throw(
      InvalidRegistrarConfig,
      'The registrar is not set up right: BUCKET is missing. SHIPPER_FUNCTION is missing. SHIPPER_TIMEOUT must be a number of seconds from 1 to 900.',
    );
    for (const SHIPPER_TIMEOUT of ['0', '901', 'soon', ''])
      expect(() => loadRegistrarConfig({ ...ENV, SHIPPER_TIMEOUT }), SHIPPER_TIMEOUT).to.throw(InvalidRegistrarConfig);
  });
});

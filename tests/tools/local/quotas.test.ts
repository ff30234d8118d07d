import { expect } from 'chai';
import { type Quota, Quotas } from '../../../tools/local/quotas.ts';

describe('Quotas', () => {
  const quota: Quota = { service: 'logs', action: 'TagResource', perSecond: 5 };
  const caller = { principal: 'root', accessKey: 'k', parameters: [] } as const;
  let now: number;
  let quotas: Quotas;

  beforeEach(() => {
    now = 0;
    quotas = new Quotas(() => now);
  });

  /** How many of these calls pass. */
  const passing = (calls: number, { service, action }: Quota) =>
    Array.from({ length: calls }, () => quotas.refuse({ service, action, ...caller })).filter((error) => !error).length;

  it('let the calls of a second pass at once, and then as many as the time allows', () => {
    quotas.limit(quota);
    expect(passing(20, quota)).to.equal(5);
    now = 400;
    expect(passing(20, quota)).to.equal(2);
    now = 60_000;
    expect(passing(20, quota)).to.equal(5);
  });

  it('limit no other action', () => {
    quotas.limit(quota);
    expect(passing(20, { ...quota, action: 'UntagResource' })).to.equal(20);
    expect(passing(20, { ...quota, service: 'lambda' })).to.equal(20);
  });

  it('refuse with the error of the service', () => {
    quotas.limit({ ...quota, perSecond: 0 });
    quotas.limit({ service: 'tagging', action: 'GetResources', perSecond: 0 });
    expect(quotas.refuse({ ...quota, ...caller })).to.equal('ThrottlingException');
    const resources = { service: 'tagging', action: 'GetResources', ...caller };
    expect(quotas.refuse(resources)).to.equal('ThrottledException');
  });

  it('end', () => {
    quotas.limit(quota)();
    expect(passing(20, quota)).to.equal(20);
  });
});

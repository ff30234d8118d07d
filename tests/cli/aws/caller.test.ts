import { expect } from 'chai';
import { callerOf } from '../../../cli/aws/caller.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

describe('Who calls AWS', function () {
  this.timeout(20_000);
  let api: FakeApi;
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());
  const { signal } = new AbortController();

  it('is told by AWS', async () => {
    const result = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn>';
    api.answer = {
      xml: `<GetCallerIdentityResponse><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    };
    expect(await callerOf({ region: 'eu-central-1' }, signal)).to.deep.equal({
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/ada',
      region: 'eu-central-1',
    });
    expect(api.seen[0]?.input).to.include('Action=GetCallerIdentity');
  });

  it('is not known where AWS does not take the credentials', async () => {
    api.answer = { error: 'InvalidClientTokenId' };
    expect(await failure(callerOf({ region: 'eu-central-1' }, signal))).to.include({ name: 'CallFailed' });
  });
});

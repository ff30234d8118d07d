import { expect } from 'chai';
import { parseArn } from '../../../function/aws/arn.ts';

describe('An ARN', () => {
  it('is taken apart; what it names may hold colons', () => {
    expect(parseArn('arn:aws-cn:lambda:cn-north-1:123456789012:function:loki-shipper-shipper:live')).to.deep.equal({
      partition: 'aws-cn',
      service: 'lambda',
      region: 'cn-north-1',
      account: '123456789012',
      resource: 'function:loki-shipper-shipper:live',
    });
  });
});

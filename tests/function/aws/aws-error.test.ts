import { expect } from 'chai';
import { nameOf } from '../../../function/aws/aws-error.ts';

describe('The name of an error', () => {
  it("is the SDK's", () => {
    const error = Object.assign(new Error('User arn:aws:sts::… is not authorized'), { name: 'AccessDeniedException' });
    expect(nameOf(error)).to.equal('AccessDeniedException');
  });

  it("is Node's code where no answer came", () => {
    expect(nameOf(Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' }))).to.equal(
      'ECONNREFUSED',
    );
  });
});

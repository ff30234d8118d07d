import { expect } from 'chai';
import { explain } from '../../cli/explain.ts';
import { FunctionFailed, InvocationFailed } from '../../function/aws/invoke.ts';

const failed = (reason: string) => new InvocationFailed('logs-registrar', reason);

describe('A failure', () => {
  it('to call a function says what to do', () => {
    expect(explain(failed('AccessDeniedException'), 'logs-registrar')).to.equal(
      'logs-registrar could not be called (AccessDeniedException): you need lambda:InvokeFunction for it.',
    );
    expect(explain(failed('ExpiredTokenException'), 'logs-registrar')).to.include('sign in again');
    expect(explain(failed('TooManyRequestsException'), 'logs-registrar')).to.equal(
      'lambda:InvokeFunction failed with TooManyRequestsException for logs-registrar.',
    );
  });

  it('of the function is said in its own words', () => {
    expect(explain(new FunctionFailed('s3:GetObject failed.'), 'logs-registrar')).to.equal('s3:GetObject failed.');
  });
});

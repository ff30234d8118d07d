import { expect } from 'chai';
import { functionSettings } from '../../../cli/aws/function-settings.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

describe('The settings of a function', function () {
  this.timeout(20_000);
  let api: FakeApi;
  const read = () => functionSettings({ region: 'eu-central-1' })('logs-shipper', new AbortController().signal);
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());

  it('are its ARN and its environment', async () => {
    api.answer = { body: { FunctionArn: 'arn:f', Environment: { Variables: { A: '1' } } } };
    expect(await read()).to.deep.equal({ arn: 'arn:f', environment: { A: '1' } });
    api.answer = { body: { FunctionArn: 'arn:f' } };
    expect(await read()).to.deep.equal({ arn: 'arn:f', environment: {} });
    expect(api.seen[0]?.target).to.equal('GET /2015-03-31/functions/logs-shipper/configuration');
  });

  it('cannot be read of a function that is not there', async () => {
    api.answer = { error: 'ResourceNotFoundException' };
    expect((await failure(read())).message).to.equal(
      'lambda:GetFunctionConfiguration failed with ResourceNotFoundException for logs-shipper: there is no such function: check --name, --region and --profile.',
    );
  });
});

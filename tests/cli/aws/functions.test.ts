import { expect } from 'chai';
import { lambdaFunctions } from '../../../cli/aws/functions.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

describe('What is looked at of a function', function () {
  this.timeout(20_000);
  let api: FakeApi;
  const { signal } = new AbortController();
  const functions = lambdaFunctions({ region: 'eu-central-1' });
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());
  const look = () => lambdaFunctions({ region: 'eu-central-1' });

  it('is its state and its settings', async () => {
    api.answer = {
      body: {
        State: 'Failed',
        StateReason: 'No role.',
        LastUpdateStatus: 'InProgress',
        Runtime: 'nodejs22.x',
        Timeout: 60,
        MemorySize: 256,
        Environment: { Variables: { A: '1' } },
      },
    };
    expect(await look().state('logs-shipper', signal)).to.deep.equal({
      state: 'Failed',
      stateReason: 'No role.',
      lastUpdate: 'InProgress',
      lastUpdateReason: null,
      runtime: 'nodejs22.x',
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: { A: '1' },
    });
    api.answer = { body: { Environment: { Error: { ErrorCode: 'AccessDeniedException' } } } };
    expect(await look().state('logs-shipper', signal)).to.include({ state: 'Active', environment: null });
  });

  it('is how many may run at the same time', async () => {
    api.answer = { body: { ReservedConcurrentExecutions: 0 } };
    expect(await look().reservedConcurrency('f', signal)).to.equal(0);
    api.answer = { body: {} };
    expect(await look().reservedConcurrency('f', signal)).to.equal(null);
  });

  it('is whether CloudWatch Logs may call it', async () => {
    for (const [service, isAllowed] of [
      ['logs.amazonaws.com', true],
      ['logs.eu-central-1.amazonaws.com', true],
      ['events.amazonaws.com', false],
      ['my-logs.amazonaws.com', false],
    ] as const) {
      const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'lambda:InvokeFunction' }];
      api.answer = { body: { Policy: JSON.stringify({ Statement }) } };
      expect(await look().isAllowedToLogs('f', signal), service).to.equal(isAllowed);
    }
    api.answer = { error: 'ResourceNotFoundException' };
    expect(await look().isAllowedToLogs('f', signal)).to.equal(false);
  });

  it('is where events go that it failed on', async () => {
    api.answer = { body: { DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::b' } } } };
    expect(await look().onFailure('f', signal)).to.equal('arn:aws:s3:::b');
    api.answer = { error: 'ResourceNotFoundException' };
    expect(await look().onFailure('f', signal)).to.equal(null);
  });

  it('says which right is missing', async () => {
    api.answer = { error: 'AccessDeniedException' };
    for (const [call, work] of [
      ['lambda:GetFunctionConfiguration', functions.state('f', signal)],
      ['lambda:GetFunctionConcurrency', functions.reservedConcurrency('f', signal)],
      ['lambda:GetPolicy', functions.isAllowedToLogs('f', signal)],
      ['lambda:GetFunctionEventInvokeConfig', functions.onFailure('f', signal)],
    ] as const)
      expect((await failure(work)).message).to.equal(
        `${call} failed with AccessDeniedException for f: you need ${call} for it.`,
      );
  });
});

import { expect } from 'chai';
import { logHistory } from '../../../cli/aws/log-history.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

const GROUP = '/aws/lambda/checkout';

describe('The history of a log group', function () {
  this.timeout(20_000);
  let api: FakeApi;
  const signal = new AbortController().signal;
  const history = () => logHistory({ region: 'eu-central-1' });
  const query = { logGroup: GROUP, from: 1000, to: 2000, filterPattern: '' };
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());

  it('is read page by page, from a time on and before another', async () => {
    const event = { eventId: '37', timestamp: 1000, message: 'ü', logStreamName: 's', ingestionTime: 1 };
    api.answer = { body: { events: [event], nextToken: 'more', searchedLogStreams: [] } };
    expect(await history().page(query, signal)).to.deep.equal({
      events: [{ id: '37', timestamp: 1000, message: 'ü', logStream: 's' }],
      next: 'more',
    });
    api.answer = { body: {} };
    const next = { ...query, filterPattern: 'ERROR', token: 'more' };
    expect(await history().page(next, signal)).to.deep.equal({ events: [], next: undefined });
    const input = { logGroupName: GROUP, startTime: 1000, endTime: 1999 };
    expect(api.seen).to.deep.equal([
      { target: 'Logs_20140328.FilterLogEvents', input },
      { target: 'Logs_20140328.FilterLogEvents', input: { ...input, filterPattern: 'ERROR', nextToken: 'more' } },
    ]);
  });

  it('knows who is subscribed to it', async () => {
    api.answer = {
      body: { subscriptionFilters: [{ filterName: 'f', destinationArn: 'arn:a', filterPattern: 'x' }, {}] },
    };
    expect(await history().filters(GROUP, signal)).to.deep.equal([
      { destinationArn: 'arn:a', filterPattern: 'x' },
      { destinationArn: '', filterPattern: '' },
    ]);
    expect(api.seen).to.deep.equal([
      { target: 'Logs_20140328.DescribeSubscriptionFilters', input: { logGroupName: GROUP } },
    ]);
  });

  const SENTENCES: readonly (readonly [error: string, message: string, sentence: string])[] = [
    [
      'ThrottlingException',
      'Rate exceeded',
      `logs:FilterLogEvents failed with ThrottlingException for log group ${GROUP}.`,
    ],
    [
      'AccessDeniedException',
      'User arn:aws:iam::1:user/x is not authorized',
      `logs:FilterLogEvents failed with AccessDeniedException for log group ${GROUP}: you need logs:FilterLogEvents for it.`,
    ],
    [
      'ResourceNotFoundException',
      'The specified log group does not exist.',
      `logs:FilterLogEvents failed with ResourceNotFoundException for log group ${GROUP}: there is no such log group: check its name, --region and --profile.`,
    ],
    [
      'InvalidParameterException',
      'Invalid character(s) in term.',
      `logs:FilterLogEvents failed with InvalidParameterException for log group ${GROUP}: Invalid character(s) in term.`,
    ],
    [
      'ExpiredTokenException',
      'The security token is expired',
      `logs:FilterLogEvents failed with ExpiredTokenException for log group ${GROUP}: the credentials of AWS are too old: sign in again.`,
    ],
  ];
  for (const [error, message, sentence] of SENTENCES)
    it(`is asked for once, and fails in a sentence: ${error}`, async () => {
      api.answer = { error, message };
      const failed = await failure(history().page(query, signal));
      expect(failed).to.include({ name: 'CallFailed', reason: error, message: sentence });
      expect(api.seen).to.have.length(1);
    });

  it('can be given up', async () => {
    api.answer = 'none';
    const abort = new AbortController();
    const call = failure(history().page(query, abort.signal));
    abort.abort();
    expect(await call).to.include({ name: 'CallFailed', reason: 'AbortError' });
  });
});

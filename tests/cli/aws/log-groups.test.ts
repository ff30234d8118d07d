import { expect } from 'chai';
import { logGroups } from '../../../cli/aws/log-groups.ts';
import { failure } from '../../function/failure.ts';
import { FakeApi } from './fake-api.ts';

describe('Log groups', function () {
  this.timeout(20_000);
  let api: FakeApi;
  const { signal } = new AbortController();
  const line = { logGroup: '/a', logStream: 's', time: 1_000, message: 'm' };
  beforeEach(async () => {
    api = await FakeApi.start();
  });
  afterEach(() => api.stop());
  const groups = () => logGroups({ region: 'eu-central-1' });

  it('say how long they keep their lines, fifty a call', async () => {
    api.answer = (_, input) => {
      const { logGroupIdentifiers } = input as { readonly logGroupIdentifiers: readonly string[] };
      const described = logGroupIdentifiers
        .filter((name) => name !== '/7')
        .map((logGroupName) => ({ logGroupName, ...(logGroupName === '/1' && { retentionInDays: 1 }) }));
      return { body: { logGroups: [...described, { logGroupName: '/other' }] } };
    };
    const all = await groups().retentions(
      Array.from({ length: 120 }, (_, i) => `/${i}`),
      signal,
    );
    expect(api.seen).to.have.length(3);
    expect(all).to.have.lengthOf(119);
    expect([all.get('/1'), all.get('/2'), all.has('/7'), all.has('/other')]).to.deep.equal([1, null, false, false]);
  });

  it('take a line, in a stream that is there or is created', async () => {
    for (const answer of [{ body: {} }, { error: 'ResourceAlreadyExistsException' }]) {
      api.seen.length = 0;
      api.answer = (target) => (target.endsWith('.CreateLogStream') ? answer : { body: {} });
      await groups().write(line, signal);
      expect(api.seen.map(({ target }) => target.split('.')[1])).to.deep.equal(['CreateLogStream', 'PutLogEvents']);
      expect(api.seen[1]?.input).to.deep.equal({
        logGroupName: '/a',
        logStreamName: 's',
        logEvents: [{ timestamp: 1_000, message: 'm' }],
      });
    }
  });

  it('say why they take none', async () => {
    api.answer = { error: 'ResourceNotFoundException' };
    expect((await failure(groups().write(line, signal))).message).to.equal(
      'logs:CreateLogStream failed with ResourceNotFoundException for log group /a: there is no such log group: check its name, --region and --profile.',
    );
    api.answer = (target) => (target.endsWith('.PutLogEvents') ? { error: 'AccessDeniedException' } : { body: {} });
    expect((await failure(groups().write(line, signal))).message).to.include('you need logs:PutLogEvents for it');
  });
});

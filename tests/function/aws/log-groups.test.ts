import { expect } from 'chai';
import { nameOf } from '../../../function/aws/aws-error.ts';
import { type LogGroupPage, logGroups } from '../../../function/aws/log-groups.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { failure } from '../failure.ts';

const arnOf = (name: string, region = 'eu-central-1') => `arn:aws:logs:${region}:123456789012:log-group:${name}`;

describe('The log groups of a region', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
    for (const name of ['/a', '/ab', '/b']) aws.logGroups.set(arnOf(name), {});
    aws.logGroups.set(arnOf('/elsewhere', 'eu-west-1'), {});
    aws.logGroupClasses.set(arnOf('/b'), 'INFREQUENT_ACCESS');
  });
  afterEach(() => aws.stop());

  async function all(page: (next: string | null) => Promise<LogGroupPage>) {
    const groups = [];
    for (let next: string | null | undefined; next !== null; ) {
      const read: LogGroupPage = await page(next ?? null);
      groups.push(...read.groups);
      next = read.next;
    }
    return groups.map(({ name, logClass, createdAt }) => `${name} ${logClass} ${createdAt}`);
  }

  it('are listed, a thousand at a time, with their classes', async () => {
    const groups = logGroups('eu-central-1');
    expect(await all((next) => groups.list(next))).to.deep.equal([
      '/a STANDARD null',
      '/ab STANDARD null',
      '/b INFREQUENT_ACCESS null',
    ]);
    for (let i = 0; i < 1_000; i++) aws.logGroups.set(arnOf(`/many-${i}`), {});
    aws.calls.length = 0;
    expect(await all((next) => groups.list(next))).to.have.length(1_003);
    expect(aws.calls.map(({ input }) => input)).to.deep.equal([{ limit: 1000 }, { limit: 1000, nextToken: '1000' }]);
  });

  it('are described, fifty at a time, with the times when they were created', async () => {
    const groups = logGroups('eu-central-1');
    expect(await all((next) => groups.describe(next))).to.deep.equal([
      '/a STANDARD 1764000000000',
      '/ab STANDARD 1764000000000',
      '/b INFREQUENT_ACCESS 1764000000000',
    ]);
    for (let i = 0; i < 50; i++) aws.logGroups.set(arnOf(`/many-${i}`), {});
    aws.calls.length = 0;
    expect(await all((next) => groups.describe(next))).to.have.length(53);
    expect(aws.calls.map(({ input }) => input)).to.deep.equal([{}, { nextToken: '50' }]);
  });

  it('are found by name, and not by the beginning of one', async () => {
    const groups = logGroups('eu-central-1');
    expect(await groups.find('/a')).to.include({ name: '/a', logClass: 'STANDARD' });
    expect(await groups.find('/b')).to.include({ name: '/b', logClass: 'INFREQUENT_ACCESS' });
    aws.logGroups.delete(arnOf('/a'));
    expect(await groups.find('/a')).to.equal(undefined);
    expect(await groups.find('/elsewhere')).to.equal(undefined);
  });

  it('are asked for once, because who asks keeps to the rates', async () => {
    aws.failNext('ListLogGroups', 'ThrottlingException');
    expect(nameOf(await failure(logGroups('eu-central-1').list(null)))).to.equal('ThrottlingException');
    expect(aws.actions).to.deep.equal(['ListLogGroups']);
  });
});

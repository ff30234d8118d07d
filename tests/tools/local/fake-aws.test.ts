import {
  CloudWatchLogsClient,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  ListLogGroupsCommand,
  type ListLogGroupsCommandInput,
  PutSubscriptionFilterCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { FakeAws } from '../../support/fake-aws.ts';

const region = 'eu-central-1';
const arnOf = (name: string, of = region) => `arn:aws:logs:${of}:123456789012:log-group:${name}`;
const nameOf = (error: Error) => error.name;

describe('FakeAws', () => {
  let aws: FakeAws;
  let logs: CloudWatchLogsClient;
  let tagging: ResourceGroupsTaggingAPIClient;
  let s3: S3Client;

  beforeEach(async () => {
    aws = await FakeAws.start();
    const config = { region, maxAttempts: 1 };
    logs = new CloudWatchLogsClient(config);
    tagging = new ResourceGroupsTaggingAPIClient(config);
    s3 = new S3Client({ ...config, forcePathStyle: true });
  });
  afterEach(() => aws.stop());

  const group = (name: string, tags = {}) => aws.logGroups.set(arnOf(name), tags);

  describe('log groups', () => {
    const list = async (input: ListLogGroupsCommandInput) => {
      const { logGroups = [], nextToken } = await logs.send(new ListLogGroupsCommand(input));
      return { names: logGroups.map(({ logGroupName }) => logGroupName), nextToken };
    };

    it('are listed in pages, by name, those of the region', async () => {
      for (const name of ['c', 'a', 'b']) group(name);
      aws.logGroups.set(arnOf('d', 'us-east-1'), {});
      const { names, nextToken } = await list({ limit: 2 });
      expect(names).to.deep.equal(['a', 'b']);
      expect(await list({ limit: 2, nextToken })).to.deep.equal({ names: ['c'], nextToken: undefined });
    });

    it('are listed by class and pattern', async () => {
      for (const name of ['/aws/lambda/a', '/aws/lambda/b', 'other/discovery']) group(name);
      aws.logGroupClasses.set(arnOf('/aws/lambda/b'), 'INFREQUENT_ACCESS');
      expect((await list({ logGroupClass: 'STANDARD' })).names).to.deep.equal(['/aws/lambda/a', 'other/discovery']);
      expect((await list({ logGroupNamePattern: '^/aws|covery' })).names).to.have.length(3);
      expect((await list({ logGroupNamePattern: '^lambda' })).names).to.be.empty;
    });

    it('are not listed by what is not faked', async () => {
      expect(await list({ logGroupTags: [{ key: 'a' }] }).catch(nameOf)).to.equal('InvalidParameterException');
      expect(await list({ limit: 1001 }).catch(nameOf)).to.equal('InvalidParameterException');
    });
  });

  describe('subscription filters', () => {
    const put = (filterName: string, logGroupName = 'g') => {
      const filter = { filterName, filterPattern: 'word', destinationArn: 'arn:f' };
      return logs.send(new PutSubscriptionFilterCommand({ logGroupName, ...filter }));
    };
    const described = async () => {
      const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: 'g' }));
      return subscriptionFilters;
    };
    const remove = (filterName: string) =>
      logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: 'g', filterName }));

    it('are put, overwritten, described and deleted', async () => {
      group('g');
      await put('f');
      await put('f');
      expect(await described()).to.deep.equal([
        { logGroupName: 'g', filterName: 'f', filterPattern: 'word', destinationArn: 'arn:f' },
      ]);
      await remove('f');
      expect(await described()).to.be.empty;
      expect(await remove('f').catch(nameOf)).to.equal('ResourceNotFoundException');
    });

    it('are at most five a group, and none where the group is gone or of another class', async () => {
      group('g');
      for (const name of '12345') await put(name);
      await put('1');
      expect(await put('6').catch(nameOf)).to.equal('LimitExceededException');
      group('ia');
      aws.logGroupClasses.set(arnOf('ia'), 'INFREQUENT_ACCESS');
      expect(await put('1', 'ia').catch(nameOf)).to.equal('InvalidParameterException');
      expect(await put('1', 'gone').catch(nameOf)).to.equal('ResourceNotFoundException');
    });
  });

  describe('tags in bulk', () => {
    const resources = (input: GetResourcesCommandInput) =>
      tagging.send(new GetResourcesCommand({ ResourceTypeFilters: ['logs:log-group'], ...input }));
    const names = async (input = {}) =>
      (await resources(input)).ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN?.split(':')[6]);

    it('are those of groups that have tags or had some', async () => {
      group('a', { owner: 'x' });
      group('b');
      group('c', { owner: 'y' });
      await logs.send(new UntagResourceCommand({ resourceArn: arnOf('c'), tagKeys: ['owner'] }));
      expect((await resources({})).ResourceTagMappingList).to.deep.equal([
        { ResourceARN: arnOf('a'), Tags: [{ Key: 'owner', Value: 'x' }] },
        { ResourceARN: arnOf('c'), Tags: [] },
      ]);
    });

    it('come in pages and by tag', async () => {
      for (const name of 'abc') group(name, { owner: name });
      const { PaginationToken, ResourceTagMappingList } = await resources({ ResourcesPerPage: 2 });
      expect(ResourceTagMappingList).to.have.length(2);
      expect(await names({ ResourcesPerPage: 2, PaginationToken })).to.deep.equal(['c']);
      expect(await names({ TagFilters: [{ Key: 'owner', Values: ['a', 'c'] }] })).to.deep.equal(['a', 'c']);
      expect(await names({ TagFilters: [{ Key: 'other' }] })).to.be.empty;
    });
  });

  describe('objects', () => {
    const key = { Bucket: 'b', Key: 'k' };
    const put = (Body: string, condition = {}) => s3.send(new PutObjectCommand({ ...key, Body, ...condition }));
    const read = (condition = {}) => s3.send(new GetObjectCommand({ ...key, ...condition }));

    it('are written only where there is none, when that is the condition', async () => {
      const { ETag } = await put('1', { IfNoneMatch: '*' });
      expect(ETag).to.match(/^"[\da-f]{32}"$/);
      expect(await put('2', { IfNoneMatch: '*' }).catch(nameOf)).to.equal('PreconditionFailed');
      expect(aws.objects.get('b/k')?.toString()).to.equal('1');
    });

    it('are written and deleted only where they are as known, when that is the condition', async () => {
      expect(await put('0', { IfMatch: '"x"' }).catch(nameOf)).to.equal('NoSuchKey');
      const first = await put('1');
      const second = await put('2', { IfMatch: first.ETag });
      expect(await put('3', { IfMatch: first.ETag }).catch(nameOf)).to.equal('PreconditionFailed');
      const remove = (IfMatch: string | undefined) => s3.send(new DeleteObjectCommand({ ...key, IfMatch }));
      expect(await remove(first.ETag).catch(nameOf)).to.equal('PreconditionFailed');
      await remove(second.ETag);
      expect(aws.objects).to.be.empty;
    });

    it('are not read again when they are as known', async () => {
      const { ETag } = await put('1');
      const { Body, ETag: same } = await read();
      expect([await Body?.transformToString(), same]).to.deep.equal(['1', ETag]);
      const error = await read({ IfNoneMatch: ETag }).catch((refused) => refused);
      expect(error.$metadata.httpStatusCode).to.equal(304);
      await put('2');
      expect(await (await read({ IfNoneMatch: ETag })).Body?.transformToString()).to.equal('2');
    });
  });

  it('fails the call of a number, once, whatever it is', async () => {
    group('g', { owner: 'x' });
    await logs.send(new ListLogGroupsCommand({}));
    aws.failNth(2, 'ThrottlingException');
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
    expect(await logs.send(new ListLogGroupsCommand({})).catch(nameOf)).to.equal('ThrottlingException');
    await logs.send(new ListLogGroupsCommand({}));
  });
});

import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  ListLogGroupsCommand,
  PutSubscriptionFilterCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { expect } from 'chai';
import { clientConfig } from '../../../tools/local/account.ts';
import { Gateway } from '../../../tools/local/gateway.ts';
import { freePort } from '../../../tools/local/service.ts';
import { type Answer, type Request, type ScriptedEmulator, startScriptedEmulator } from './scripted-emulator.ts';

interface Group {
  readonly tags: Readonly<Record<string, string>>;
  readonly logGroupClass: string;
  readonly filters: readonly string[];
}

const arnOf = (name: string) => `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`;
const nameOf = (error: Error) => error.name;

describe('Log groups behind the gateway', () => {
  let groups: Map<string, Group>;
  /** What the emulator answers to these actions instead of what it would. */
  let scripted: Map<string, Answer>;
  let emulator: ScriptedEmulator;
  let gateway: Gateway;
  let logs: CloudWatchLogsClient;
  let tagging: ResourceGroupsTaggingAPIClient;

  beforeEach(async () => {
    groups = new Map();
    scripted = new Map();
    emulator = await startScriptedEmulator(answer);
    const port = await freePort();
    gateway = await Gateway.start(port, emulator.port);
    const config = clientConfig(`http://127.0.0.1:${port}`);
    logs = new CloudWatchLogsClient(config);
    tagging = new ResourceGroupsTaggingAPIClient(config);
  });
  afterEach(() => Promise.all([gateway.stop(), emulator.stop()]));

  /** What MiniStack knows of log groups. */
  function answer(request: Request): Answer {
    const action = actionOf(request);
    return scripted.get(action) ?? known(action, JSON.parse(request.body));
  }

  function known(action: string, input: Readonly<Record<string, string>>): Answer {
    const group = groups.get(input.logGroupName ?? '');
    switch (action) {
      case 'DescribeLogGroups':
        return describeGroups(input);
      case 'ListTagsForResource':
        return json({ tags: groups.get(input.resourceArn?.split(':')[6] ?? '')?.tags });
      case 'DescribeSubscriptionFilters':
        return group
          ? json({ subscriptionFilters: group.filters.map((filterName) => ({ filterName })) })
          : refusal('ResourceNotFoundException', 'no such group');
      case 'ListLogGroups':
        return refusal('InvalidOperationException', 'Unknown action: ListLogGroups');
      default:
        return json({ ResourceTagMappingList: [] });
    }
  }

  function describeGroups({
    limit = '50',
    nextToken = '0',
    logGroupNamePrefix = '',
  }: Readonly<Record<string, string>>) {
    const names = [...groups.keys()].filter((name) => name.startsWith(logGroupNamePrefix));
    const end = Number(nextToken) + Number(limit);
    const page = names.slice(Number(nextToken), end);
    const logGroups = page.map((logGroupName) => {
      const logGroupArn = arnOf(logGroupName);
      return { logGroupName, logGroupArn, logGroupClass: groups.get(logGroupName)?.logGroupClass };
    });
    return json({ logGroups, nextToken: end < names.length ? String(end) : undefined });
  }

  const actionOf = ({ headers }: Request) => String(headers['x-amz-target']).split('.')[1] ?? '';
  const seen = (action: string) => emulator.seen.filter((request) => actionOf(request) === action);
  const add = (name: string, group: Partial<Group> = {}) =>
    groups.set(name, { tags: {}, logGroupClass: 'STANDARD', filters: [], ...group });

  describe('ListLogGroups', () => {
    const list = async (input: { limit?: number; nextToken?: string | undefined; logGroupClass?: 'STANDARD' }) => {
      const { logGroups = [], nextToken } = await logs.send(new ListLogGroupsCommand(input));
      return { logGroups, nextToken };
    };

    it('is made of pages of DescribeLogGroups', async () => {
      for (let n = 100; n < 340; n++) add(`g${n}`);
      const first = await list({ limit: 120 });
      expect(first.logGroups).to.have.length(120);
      expect(first.logGroups[0]).to.deep.equal({
        logGroupName: 'g100',
        logGroupArn: arnOf('g100'),
        logGroupClass: 'STANDARD',
      });
      expect(seen('DescribeLogGroups')).to.have.length(3);
      const second = await list({ limit: 120, nextToken: first.nextToken });
      expect(second.logGroups.at(-1)?.logGroupName).to.equal('g339');
      expect(second.nextToken).to.equal(undefined);
    });

    it('leaves groups of other classes out', async () => {
      add('a');
      add('b', { logGroupClass: 'INFREQUENT_ACCESS' });
      const { logGroups } = await list({ logGroupClass: 'STANDARD' });
      expect(logGroups.map(({ logGroupName }) => logGroupName)).to.deep.equal(['a']);
    });

    it('is refused where MiniStack refuses the caller', async () => {
      scripted.set('ListLogGroups', refusal('AccessDeniedException', 'not authorized'));
      expect(await list({}).catch(nameOf)).to.equal('AccessDeniedException');
      expect(seen('DescribeLogGroups')).to.be.empty;
    });
  });

  describe('GetResources', () => {
    const resources = async (input: Partial<GetResourcesCommandInput> = {}) => {
      const command = new GetResourcesCommand({ ResourceTypeFilters: ['logs:log-group'], ...input });
      const { ResourceTagMappingList = [], PaginationToken } = await tagging.send(command);
      return { tagged: ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN?.split(':')[6]), PaginationToken };
    };

    it('lists the groups that have tags, with them', async () => {
      add('a', { tags: { owner: 'x' } });
      add('b');
      const command = new GetResourcesCommand({ ResourceTypeFilters: ['logs:log-group'] });
      expect((await tagging.send(command)).ResourceTagMappingList).to.deep.equal([
        { ResourceARN: arnOf('a'), Tags: [{ Key: 'owner', Value: 'x' }] },
      ]);
    });

    it('reads the tags of one page only', async () => {
      for (let n = 100; n < 340; n++) add(`g${n}`, { tags: { owner: 'x' } });
      const { tagged, PaginationToken } = await resources();
      expect(tagged).to.have.length(100);
      expect(seen('ListTagsForResource')).to.have.length(100);
      const second = await resources({ PaginationToken, ResourcesPerPage: 30 });
      expect(second.tagged).to.deep.equal(Array.from({ length: 30 }, (_, n) => `g${200 + n}`));
      expect((await resources({ PaginationToken: '300' })).PaginationToken).to.equal('');
    });

    it('lists what a tag filter selects', async () => {
      add('a', { tags: { owner: 'x' } });
      add('b', { tags: { owner: 'y' } });
      expect((await resources({ TagFilters: [{ Key: 'owner', Values: ['y'] }] })).tagged).to.deep.equal(['b']);
    });

    it('lists a group whose tags were taken away, until it is deleted', async () => {
      add('a');
      await logs.send(new UntagResourceCommand({ resourceArn: arnOf('a'), tagKeys: ['owner'] }));
      expect((await resources()).tagged).to.deep.equal(['a']);
      await logs.send(new DeleteLogGroupCommand({ logGroupName: 'a' }));
      expect((await resources()).tagged).to.be.empty;
    });

    it('has no group that is deleted while it reads', async () => {
      add('a', { tags: { owner: 'x' } });
      scripted.set('ListTagsForResource', refusal('ResourceNotFoundException', 'gone'));
      expect((await resources()).tagged).to.be.empty;
    });

    it('is refused where MiniStack refuses the caller', async () => {
      scripted.set('GetResources', { ...refusal('AccessDeniedException', 'not authorized'), status: 403 });
      expect(await resources().catch(nameOf)).to.equal('AccessDeniedException');
      expect(seen('ListTagsForResource')).to.be.empty;
    });

    it('of other resources is left to MiniStack', async () => {
      add('a', { tags: { owner: 'x' } });
      expect((await resources({ ResourceTypeFilters: ['s3'] })).tagged).to.be.empty;
      expect(seen('DescribeLogGroups')).to.be.empty;
    });
  });

  describe('PutSubscriptionFilter', () => {
    const put = (logGroupName: string, filterName = 'f') =>
      logs
        .send(new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern: '', destinationArn: 'a' }))
        .then(() => 'done', nameOf);

    it('is refused beyond five filters a group', async () => {
      add('a', { filters: ['1', '2', '3', '4'] });
      add('b', { filters: ['1', '2', '3', '4', '5'] });
      expect(await put('a')).to.equal('done');
      expect(await put('b', '5')).to.equal('done');
      expect(await put('b')).to.equal('LimitExceededException');
      expect(seen('PutSubscriptionFilter')).to.have.length(2);
    });

    it('is refused for groups of another class', async () => {
      add('a', { logGroupClass: 'INFREQUENT_ACCESS' });
      expect(await put('a')).to.equal('InvalidParameterException');
    });

    it('is left to MiniStack where there is no such group', async () => {
      scripted.set('PutSubscriptionFilter', refusal('ResourceNotFoundException', 'no such group'));
      expect(await put('gone')).to.equal('ResourceNotFoundException');
    });
  });
});

function json(content: object): Answer {
  return { body: JSON.stringify(content) };
}

function refusal(code: string, message: string): Answer {
  return { status: 400, ...json({ __type: code, message }) };
}

import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { clientConfig, type Place } from './account.ts';
import { parseGetResources, resourcesOf, type Tags } from './get-resources.ts';
import { type LogGroup, parseListLogGroups } from './list-log-groups.ts';
import { checkFilter } from './subscription-filters.ts';

type Input = Readonly<Record<string, unknown>>;

/** Of DescribeLogGroups. */
const MAX_PER_CALL = 50;

/**
 * What MiniStack does not know of log groups, made of what it does know, which is read as the account's root at each
 * call: those of an account and region. Each of these throws RefusedByFake where AWS would refuse.
 */
export class LogGroups {
  readonly #place: Place;
  readonly #logs: CloudWatchLogsClient;
  /** ARNs of groups whose tags were taken away: GetResources goes on to list them. */
  readonly #untagged = new Set<string>();

  /** @param endpoint of MiniStack */
  constructor(endpoint: string, place: Place) {
    this.#place = place;
    this.#logs = new CloudWatchLogsClient(clientConfig(endpoint, place));
  }

  /** Remembers what a call to MiniStack changed. */
  note(action: string, body: Buffer): void {
    if (action === 'UntagResource') this.#untagged.add(JSON.parse(body.toString()).resourceArn);
    if (action === 'DeleteLogGroup')
      this.#untagged.delete(arnOf(this.#place, JSON.parse(body.toString()).logGroupName));
  }

  /** The answer to a ListLogGroups. A page has fewer than its limit where groups of it are not selected. */
  async list(input: Input): Promise<object> {
    const { limit, nextToken, selects } = parseListLogGroups(input);
    const { groups, next } = await this.#page(limit, nextToken);
    return { logGroups: groups.filter(selects), nextToken: next };
  }

  /**
   * The answer to a GetResources for log groups. A page reads the tags of as many groups as it may have, so it has fewer
   * where groups are not tagged, and may be empty, as AWS's may.
   */
  async resources(input: Input): Promise<object> {
    const { perPage, token, selects } = parseGetResources(input);
    const { groups, next } = await this.#page(perPage, token);
    const read = await Promise.all(groups.map(({ logGroupArn }) => this.#tagsOf(logGroupArn)));
    const tagged = groups.flatMap(({ logGroupArn: arn }, index) => {
      const tags = read[index] ?? {};
      return (Object.keys(tags).length > 0 || this.#untagged.has(arn)) && selects(tags) ? [{ arn, tags }] : [];
    });
    return resourcesOf(tagged, next);
  }

  /** Refuses a PutSubscriptionFilter that AWS would refuse and MiniStack takes. */
  async checkFilter({ logGroupName, filterName }: Input): Promise<void> {
    const name = { logGroupName: String(logGroupName) };
    const [{ logGroups = [] }, subscribed] = await Promise.all([
      this.#logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name.logGroupName, limit: 1 })),
      this.#logs.send(new DescribeSubscriptionFiltersCommand(name)).catch(unlessMissing),
    ]);
    const filters = (subscribed?.subscriptionFilters ?? []).map((filter) => filter.filterName ?? '');
    if (subscribed) checkFilter(String(filterName), { logGroupClass: logGroups[0]?.logGroupClass ?? '', filters });
  }

  /** The next groups in the order of their names, as many as are wanted, as long as there are any. */
  async #page(size: number, token: string | undefined) {
    const groups: LogGroup[] = [];
    let next = token;
    do {
      const limit = Math.min(MAX_PER_CALL, size - groups.length);
      const { logGroups = [], nextToken } = await this.#logs.send(
        new DescribeLogGroupsCommand({ limit, nextToken: next }),
      );
      for (const { logGroupName = '', logGroupArn = '', logGroupClass = '' } of logGroups)
        groups.push({ logGroupName, logGroupArn, logGroupClass });
      next = nextToken;
    } while (next && groups.length < size);
    return { groups, next };
  }

  /** @returns no tags when the group was deleted meanwhile */
  async #tagsOf(resourceArn: string): Promise<Tags> {
    const answer = await this.#logs.send(new ListTagsForResourceCommand({ resourceArn })).catch(unlessMissing);
    return answer?.tags ?? {};
  }
}

function arnOf({ account, region }: Place, logGroupName: string): string {
  return `arn:aws:logs:${region}:${account}:log-group:${logGroupName}`;
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}

import type { Answer, Call } from './fake-aws.ts';

type Tags = Readonly<Record<string, string>>;

interface Filter {
  readonly filterName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
}

/** The part of FakeAws that finds log groups and subscribes to them. */
export class FakeLogs {
  /** Class by ARN. Default: STANDARD */
  readonly classes = new Map<string, string>();
  /** By ARN of the log group. */
  readonly filters = new Map<string, readonly Filter[]>();
  /** How many groups a page has at most, whatever it is asked for. */
  pageSize = 1_000;
  readonly #groups: ReadonlyMap<string, Tags>;

  /** @param groups tags by ARN of a log group */
  constructor(groups: ReadonlyMap<string, Tags>) {
    this.#groups = groups;
  }

  knows(target: string): boolean {
    return Object.hasOwn(this.#actions, target);
  }

  answer(target: string, input: Call['input'], region: string): Answer {
    return this.#actions[target]?.(input, region) ?? { error: 'UnknownOperationException' };
  }

  readonly #actions: Readonly<Record<string, (input: Call['input'], region: string) => Answer>> = {
    'Logs_20140328.ListLogGroups': ({ nextToken, limit = 50 }, region) => {
      const { page, next } = this.#page(region, '', Number(limit), nextToken);
      const groups = page.map((arn) => ({
        logGroupName: nameOf(arn),
        logGroupArn: arn,
        logGroupClass: this.#classOf(arn),
      }));
      return { output: { logGroups: groups, ...(next && { nextToken: next }) } };
    },
    'Logs_20140328.DescribeLogGroups': ({ nextToken, limit = 50, logGroupNamePrefix = '' }, region) => {
      const { page, next } = this.#page(region, String(logGroupNamePrefix), Math.min(50, Number(limit)), nextToken);
      const groups = page.map((arn) => ({
        logGroupName: nameOf(arn),
        arn: `${arn}:*`,
        logGroupArn: arn,
        logGroupClass: this.#classOf(arn),
        creationTime: 1_764_000_000_000,
      }));
      return { output: { logGroups: groups, ...(next && { nextToken: next }) } };
    },
    'Logs_20140328.DescribeSubscriptionFilters': ({ logGroupName, filterNamePrefix = '' }, region) =>
      this.#of(logGroupName, region, (_, filters) => ({
        output: {
          subscriptionFilters: filters.filter(({ filterName }) => filterName.startsWith(String(filterNamePrefix))),
        },
      })),
    'Logs_20140328.PutSubscriptionFilter': ({ logGroupName, ...filter }, region) =>
      this.#of(logGroupName, region, (arn, filters): Answer => {
        const { filterName, filterPattern, destinationArn } = filter as unknown as Filter;
        const others = filters.filter((other) => other.filterName !== filterName);
        if (others.length >= MOST_FILTERS) return { error: 'LimitExceededException' };
        this.filters.set(arn, [...others, { filterName, filterPattern, destinationArn }]);
        return {};
      }),
    'Logs_20140328.DeleteSubscriptionFilter': ({ logGroupName, filterName }, region) =>
      this.#of(logGroupName, region, (arn, filters): Answer => {
        const others = filters.filter((other) => other.filterName !== filterName);
        if (others.length === filters.length) return { error: 'ResourceNotFoundException' };
        this.filters.set(arn, others);
        return {};
      }),
    'ResourceGroupsTaggingAPI_20170126.GetResources': ({ PaginationToken, ResourcesPerPage }, region) => {
      const { page, next } = this.#page(region, '', Number(ResourcesPerPage), PaginationToken || undefined);
      const ResourceTagMappingList = page.map((arn) => ({
        ResourceARN: arn,
        Tags: Object.entries(this.#groups.get(arn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
      }));
      return { output: { ResourceTagMappingList, PaginationToken: next ?? '' } };
    },
  };

  #page(region: string, prefix: string, limit: number, token: unknown) {
    const arns = [...this.#groups.keys()]
      .filter((arn) => arn.split(':')[3] === region && nameOf(arn).startsWith(prefix))
      .sort();
    const start = Number(token ?? 0);
    const end = start + Math.min(limit, this.pageSize);
    return { page: arns.slice(start, end), next: end < arns.length ? String(end) : undefined };
  }

  #classOf(arn: string): string {
    return this.classes.get(arn) ?? 'STANDARD';
  }

  #of(name: unknown, region: string, answer: (arn: string, filters: readonly Filter[]) => Answer): Answer {
    const arn = [...this.#groups.keys()].find((arn) => nameOf(arn) === name && arn.split(':')[3] === region);
    return arn === undefined ? { error: 'ResourceNotFoundException' } : answer(arn, this.filters.get(arn) ?? []);
  }
}

/** Of a log group: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_FILTERS = 5;

function nameOf(arn: string): string {
  return arn.split(':').slice(6).join(':');
}

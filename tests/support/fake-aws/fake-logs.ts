import { type GetResources, parseGetResources, resourcesOf, type Tags } from '../../../tools/local/get-resources.ts';
import { parseListLogGroups } from '../../../tools/local/list-log-groups.ts';
import { RefusedByFake } from '../../../tools/local/refused-by-fake.ts';
import { checkFilter } from '../../../tools/local/subscription-filters.ts';
import { type Answer, type Call, inRegion } from './call.ts';

/** A subscription filter, as PutSubscriptionFilter names its fields. */
export interface Filter {
  readonly filterName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
}

/** ARN of a log group without `:*`, which the tagging APIs refuse. */
const LOG_GROUP_ARN = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:[a-zA-Z0-9_/.#-]+$/;

/** Log groups of one account with their tags and subscription filters, all by ARN. */
export class FakeLogs {
  readonly groups = new Map<string, Tags>();
  /** Those that are not STANDARD. */
  readonly classes = new Map<string, string>();
  /** Milliseconds since 1970. Default: always the same. */
  readonly createdAt = new Map<string, number>();
  readonly filters = new Map<string, readonly Filter[]>();
  /** Groups that have no tags and once had: GetResources lists them all the same. */
  readonly #untagged = new Set<string>();

  answer({ target, region, input }: Call): Answer {
    try {
      const [api, action = ''] = target.split('.');
      if (api === 'ResourceGroupsTaggingAPI_20170126') return this.#resources(parseGetResources(input), region);
      if (action === 'ListLogGroups') return this.#list(input, region);
      if (action === 'DescribeLogGroups') return this.#describe(input, region);
      return action.endsWith('Resource')
        ? this.#tagging(action, String(input.resourceArn), input, region)
        : this.#subscribing(action, input, region);
    } catch (error) {
      if (error instanceof RefusedByFake) return { error: error.code };
      throw error;
    }
  }

  #arnsOf(region: string): readonly string[] {
    return [...this.groups.keys()].filter((arn) => arn.split(':')[3] === region).sort();
  }

  #list(input: Call['input'], region: string): Answer {
    const { limit, nextToken, selects } = parseListLogGroups(input);
    const groups = this.#arnsOf(region).map((logGroupArn) => ({
      logGroupName: nameOf(logGroupArn),
      logGroupArn,
      logGroupClass: this.classes.get(logGroupArn) ?? 'STANDARD',
    }));
    const { page, token } = pageOf(groups.filter(selects), limit, nextToken);
    return { output: { logGroups: page, nextToken: token } };
  }

  #describe({ logGroupNamePrefix: prefix = '', limit = 50, nextToken }: Call['input'], region: string): Answer {
    const groups = this.#arnsOf(region).filter((arn) => nameOf(arn).startsWith(String(prefix)));
    const { page, token } = pageOf(groups, Math.min(50, Number(limit)), nextToken as string | undefined);
    const described = page.map((logGroupArn) => ({
      logGroupName: nameOf(logGroupArn),
      arn: `${logGroupArn}:*`,
      logGroupArn,
      logGroupClass: this.classes.get(logGroupArn) ?? 'STANDARD',
      creationTime: this.createdAt.get(logGroupArn) ?? 1_764_000_000_000,
    }));
    return { output: { logGroups: described, nextToken: token } };
  }

  #resources({ perPage, token, selects }: GetResources, region: string): Answer {
    const tagged = this.#arnsOf(region)
      .map((arn) => ({ arn, tags: this.groups.get(arn) ?? {} }))
      .filter(({ arn, tags }) => (Object.keys(tags).length > 0 || this.#untagged.has(arn)) && selects(tags));
    const next = pageOf(tagged, perPage, token);
    return { output: resourcesOf(next.page, next.token) };
  }

  #subscribing(action: string, input: Call['input'], region: string): Answer {
    const [some = ''] = this.groups.keys();
    const arn = `arn:aws:logs:${region}:${some.split(':')[4]}:log-group:${input.logGroupName}`;
    if (!this.groups.has(arn)) return { error: 'ResourceNotFoundException' };
    const { logGroupName, filterName = '', filterPattern = '', destinationArn = '', filterNamePrefix = '' } = input;
    const filters = this.filters.get(arn) ?? [];
    const others = filters.filter((filter) => filter.filterName !== filterName);
    switch (action) {
      case 'DescribeSubscriptionFilters': {
        const matching = filters.filter((filter) => filter.filterName.startsWith(String(filterNamePrefix)));
        return { output: { subscriptionFilters: matching.map((filter) => ({ logGroupName, ...filter })) } };
      }
      case 'PutSubscriptionFilter': {
        const logGroupClass = this.classes.get(arn) ?? 'STANDARD';
        checkFilter(String(filterName), { logGroupClass, filters: filters.map((filter) => filter.filterName) });
        const [name, pattern, destination] = [filterName, filterPattern, destinationArn].map(String);
        const put = { filterName: name ?? '', filterPattern: pattern ?? '', destinationArn: destination ?? '' };
        this.filters.set(arn, [...others, put]);
        return {};
      }
      case 'DeleteSubscriptionFilter':
        if (others.length === filters.length) return { error: 'ResourceNotFoundException' };
        this.filters.set(arn, others);
        return {};
      default:
        return { error: 'UnknownOperationException' };
    }
  }

  #tagging(action: string, arn: string, input: Call['input'], region: string): Answer {
    if (!LOG_GROUP_ARN.test(arn)) return { error: 'InvalidParameterException' };
    const tags = inRegion(this.groups, arn, region);
    if (!tags) return { error: 'ResourceNotFoundException' };
    switch (action) {
      case 'ListTagsForResource':
        return { output: { tags } };
      case 'TagResource':
        this.groups.set(arn, { ...tags, ...(input.tags as Tags) });
        return {};
      case 'UntagResource': {
        const keys = input.tagKeys as readonly string[];
        this.groups.set(arn, Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key))));
        this.#untagged.add(arn);
        return {};
      }
      default:
        return { error: 'UnknownOperationException' };
    }
  }
}

function nameOf(arn: string): string {
  return arn.split(':')[6] ?? '';
}

/** @param token number of the first item, as a text */
function pageOf<T>(items: readonly T[], size: number, token = '0') {
  const end = Number(token) + size;
  return { page: items.slice(Number(token), end), token: end < items.length ? String(end) : undefined };
}

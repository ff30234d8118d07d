import { RefusedByFake } from './refused-by-fake.ts';

export type Tags = Readonly<Record<string, string>>;

export interface GetResources {
  /** Of a page, 1-100. */
  readonly perPage: number;
  /** undefined for the first page */
  readonly token: string | undefined;
  readonly selects: (tags: Tags) => boolean;
}

interface TagFilter {
  readonly Key: string;
  /** None: any value. */
  readonly Values?: readonly string[];
}

const MAX_PER_PAGE = 100;
const KNOWN = ['ResourceTypeFilters', 'ResourcesPerPage', 'PaginationToken', 'TagFilters'];

/** Whether a GetResources asks for log groups, and for nothing else. */
export function asksForLogGroups(input: Readonly<Record<string, unknown>>): boolean {
  const types = input.ResourceTypeFilters;
  return (
    Array.isArray(types) && types.length > 0 && types.every((type) => type === 'logs:log-group' || type === 'logs')
  );
}

/**
 * Reads the input of a GetResources for log groups.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 *
 * @throws RefusedByFake where AWS refuses it, or where the fakes do not know what it asks for
 */
export function parseGetResources(input: Readonly<Record<string, unknown>>): GetResources {
  const unknown = Object.keys(input).find((key) => !KNOWN.includes(key));
  if (unknown) throw new RefusedByFake('InvalidParameterException', `${unknown} of GetResources is not faked.`);
  const { ResourcesPerPage: perPage = MAX_PER_PAGE, PaginationToken, TagFilters = [] } = input;
  if (!Number.isInteger(perPage) || Number(perPage) < 1 || Number(perPage) > MAX_PER_PAGE)
    throw new RefusedByFake(
      'InvalidParameterException',
      `ResourcesPerPage is to be 1-${MAX_PER_PAGE}, not ${perPage}.`,
    );
  const filters = TagFilters as readonly TagFilter[];
  return {
    perPage: Number(perPage),
    token: PaginationToken ? String(PaginationToken) : undefined,
    selects: (tags) => filters.every((filter) => satisfies(tags, filter)),
  };
}

function satisfies(tags: Tags, { Key, Values = [] }: TagFilter): boolean {
  const value = tags[Key];
  return value !== undefined && (Values.length === 0 || Values.includes(value));
}

/** The answer to a GetResources. @param token of the next page; undefined for none */
export function resourcesOf(groups: readonly { readonly arn: string; readonly tags: Tags }[], token?: string): object {
  const ResourceTagMappingList = groups.map(({ arn, tags }) => ({
    ResourceARN: arn,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  }));
  return { ResourceTagMappingList, PaginationToken: token ?? '' };
}

import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { parseArn } from './arn.ts';
import { TIMEOUTS } from './timeouts.ts';

export interface TaggedGroupPage {
  /** Tags by name of a log group. */
  readonly groups: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** For the page after this one, during 15 minutes; null when there is none. */
  readonly next: string | null;
}

/**
 * The tags of all log groups of an account and region, at most 100 groups a page. It has those that have a tag or once
 * had one, and learns of changes late: what is not in it may have tags.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 *
 * AWS allows an account 15 calls a second: https://docs.aws.amazon.com/general/latest/gr/arg.html
 */
export type ReadTaggedGroups = (next: string | null) => Promise<TaggedGroupPage>;

/** Calls by the SDK, which is loaded at the first call, without a second attempt. */
export function taggedGroups(region: string): ReadTaggedGroups {
  let loading:
    | Promise<{
        sdk: typeof import('@aws-sdk/client-resource-groups-tagging-api');
        client: ResourceGroupsTaggingAPIClient;
      }>
    | undefined;
  return async (next) => {
    loading ??= import('@aws-sdk/client-resource-groups-tagging-api').then((sdk) => ({
      sdk,
      client: new sdk.ResourceGroupsTaggingAPIClient({ region, maxAttempts: 1, requestHandler: TIMEOUTS }),
    }));
    const { sdk, client } = await loading;
    const command = new sdk.GetResourcesCommand({
      ResourceTypeFilters: ['logs:log-group'],
      ResourcesPerPage: 100,
      ...(next && { PaginationToken: next }),
    });
    const { ResourceTagMappingList = [], PaginationToken } = await client.send(command);
    const groups = new Map(
      ResourceTagMappingList.map(({ ResourceARN = '', Tags = [] }) => [
        parseArn(ResourceARN)
          .resource.replace(/^log-group:/, '')
          .replace(/:\*$/, ''),
        Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      ]),
    );
    return { groups, next: PaginationToken || null };
  };
}

import { logsClient } from './logs-client.ts';

/** What sends the lines of a log group somewhere. */
export interface SubscriptionFilter {
  /** ARN. */
  readonly destination: string;
  /** Of the lines that are sent; empty for all. */
  readonly pattern: string;
}

/**
 * The subscription filters of log groups in one account and region. AWS allows an account 5 calls of each kind a second,
 * which cannot be raised: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 *
 * Each call throws the SDK's ResourceNotFoundException when there is no such log group.
 */
export interface SubscriptionFilters {
  /** @returns the filter of that name; undefined when the log group has none */
  read(logGroup: string, name: string): Promise<SubscriptionFilter | undefined>;
  /** Creates a filter, or changes the one that has the name. */
  put(logGroup: string, name: string, filter: SubscriptionFilter): Promise<void>;
  /** Throws ResourceNotFoundException also when there is no such filter. */
  remove(logGroup: string, name: string): Promise<void>;
}

/** Calls by the SDK, without a second attempt: who calls keeps to the rates. */
export function subscriptionFilters(region: string): SubscriptionFilters {
  const load = logsClient(region, 1);
  return {
    async read(logGroup, name) {
      const { sdk, client } = await load();
      const command = new sdk.DescribeSubscriptionFiltersCommand({ logGroupName: logGroup, filterNamePrefix: name });
      // A log group has at most five, which fit the first page.
      const { subscriptionFilters = [] } = await client.send(command);
      const found = subscriptionFilters.find(({ filterName }) => filterName === name);
      return found && { destination: found.destinationArn ?? '', pattern: found.filterPattern ?? '' };
    },
    async put(logGroup, name, { destination, pattern }) {
      const { sdk, client } = await load();
      const command = new sdk.PutSubscriptionFilterCommand({
        logGroupName: logGroup,
        filterName: name,
        filterPattern: pattern,
        destinationArn: destination,
      });
      await client.send(command);
    },
    async remove(logGroup, name) {
      const { sdk, client } = await load();
      await client.send(new sdk.DeleteSubscriptionFilterCommand({ logGroupName: logGroup, filterName: name }));
    },
  };
}

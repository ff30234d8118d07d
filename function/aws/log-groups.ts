import { type LogsClient, logsClient } from './logs-client.ts';

export interface LogGroup {
  readonly name: string;
  /** Only those of the class STANDARD can be subscribed to. */
  readonly logClass: string;
  /** Milliseconds since 1970; null where it was not asked for. It tells a group that was created again. */
  readonly createdAt: number | null;
}

export interface LogGroupPage {
  readonly groups: readonly LogGroup[];
  /** For the page after this one; null when there is none. */
  readonly next: string | null;
}

/** The log groups of one account and region. */
export interface LogGroups {
  /** At most 50 of them by name, with their times of creation. AWS allows an account 10 such calls a second. */
  describe(next: string | null): Promise<LogGroupPage>;
  /** At most 1000 of them, without times. */
  list(next: string | null): Promise<LogGroupPage>;
  /** @returns undefined when there is no such log group */
  find(name: string): Promise<LogGroup | undefined>;
}

/** Calls by the SDK, without a second attempt: who calls keeps to the rates. */
export function logGroups(region: string): LogGroups {
  const load = logsClient(region, 1);
  return {
    describe: (next) => describe(load, next ? { nextToken: next } : {}),
    async list(next) {
      const { sdk, client } = await load();
      const command = new sdk.ListLogGroupsCommand({ limit: 1000, ...(next && { nextToken: next }) });
      const { logGroups = [], nextToken = null } = await client.send(command);
      return {
        groups: logGroups.map(({ logGroupName = '', logGroupClass = STANDARD }) => ({
          name: logGroupName,
          logClass: logGroupClass,
          createdAt: null,
        })),
        next: nextToken,
      };
    },
    async find(name) {
      // By name, so that one which is called exactly so comes first.
      const { groups } = await describe(load, { logGroupNamePrefix: name, limit: 1 });
      return groups.find((group) => group.name === name);
    },
  };
}

/** What can be subscribed to: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html */
export const STANDARD = 'STANDARD';

async function describe(
  load: LogsClient,
  input: { readonly nextToken?: string; readonly logGroupNamePrefix?: string; readonly limit?: number },
): Promise<LogGroupPage> {
  const { sdk, client } = await load();
  const { logGroups = [], nextToken = null } = await client.send(new sdk.DescribeLogGroupsCommand(input));
  return {
    groups: logGroups.map(({ logGroupName = '', logGroupClass = STANDARD, creationTime }) => ({
      name: logGroupName,
      logClass: logGroupClass,
      createdAt: creationTime ?? null,
    })),
    next: nextToken,
  };
}

import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeSubscriptionFiltersCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT, type Place, REGION } from '../../tools/local/account.ts';
import type { Stack } from '../../tools/local/stack.ts';

/** The account as its owner sees it, in the words of the tests. */
export class Aws {
  readonly logs: CloudWatchLogsClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly #place: Place;

  constructor({ client }: Pick<Stack, 'client'>) {
    this.#place = { account: client.credentials.accessKeyId, region: client.region };
    this.logs = new CloudWatchLogsClient(client);
    this.lambda = new LambdaClient(client);
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
  }

  async createLogGroup(logGroupName: string, tags?: Record<string, string>): Promise<void> {
    await this.logs.send(new CreateLogGroupCommand({ logGroupName, ...(tags && { tags }) }));
  }

  async deleteLogGroup(logGroupName: string): Promise<void> {
    await this.logs.send(new DeleteLogGroupCommand({ logGroupName }));
  }

  async tagsOf(logGroup: string): Promise<Record<string, string>> {
    const { tags } = await this.logs.send(
      new ListTagsForResourceCommand({ resourceArn: logGroupArn(logGroup, this.#place) }),
    );
    return tags ?? {};
  }

  /** Names and patterns of the subscription filters of a log group. */
  async filtersOf(logGroupName: string): Promise<Record<string, string>> {
    const { subscriptionFilters } = await this.logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
    return Object.fromEntries(
      (subscriptionFilters ?? []).map(({ filterName, filterPattern }) => [filterName ?? '', filterPattern ?? '']),
    );
  }

  /** Writes lines, as a function does that logs. */
  async log(logGroupName: string, logStreamName: string, ...lines: readonly string[]): Promise<void> {
    await this.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
    const logEvents = lines.map((message, i) => ({ timestamp: Date.now() + i, message }));
    await this.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }

  /** @returns the function's error, or undefined when it succeeded */
  async invoke(FunctionName: string, payload: unknown): Promise<string | undefined> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    );
    return FunctionError && Buffer.from(Payload ?? []).toString();
  }

  /** @returns what the function answers. @throws its error */
  async call(FunctionName: string, payload: unknown): Promise<unknown> {
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
    );
    const answer = Buffer.from(Payload ?? []).toString();
    if (FunctionError) throw new Error(answer);
    return JSON.parse(answer);
  }

  async invokeAsynchronously(FunctionName: string, payload: unknown): Promise<void> {
    await this.lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(payload) }),
    );
  }

  /** The keys of a bucket that begin with this. */
  async keysOf(Bucket: string, Prefix: string): Promise<readonly string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async put(Bucket: string, Key: string, content: unknown): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(content) }));
  }

  /** Lambda's records of failed deliveries in a bucket. */
  async recordsOf(Bucket: string): Promise<readonly FailureRecord[]> {
    return Promise.all(
      (await this.keysOf(Bucket, 'aws/lambda/async/')).map(async (Key) => {
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
        return JSON.parse((await Body?.transformToString()) ?? '');
      }),
    );
  }
}

/** What Lambda writes of an asynchronous invocation that failed. */
export interface FailureRecord {
  readonly requestPayload: unknown;
  readonly responsePayload: { readonly errorMessage: string };
}

export function logGroupArn(
  logGroup: string,
  { account, region }: Place = { account: ACCOUNT, region: REGION },
): string {
  return `arn:aws:logs:${region}:${account}:log-group:${logGroup}`;
}

/** An event as a subscription filter sends it. */
export function deliveryOf(logGroup: string, logEvents: readonly { id: string; timestamp: number; message: string }[]) {
  const delivery = {
    messageType: 'DATA_MESSAGE',
    owner: ACCOUNT,
    logGroup,
    logStream: 'a-stream',
    subscriptionFilters: ['loki-shipper'],
    logEvents,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } };
}

import { randomUUID } from 'node:crypto';
import {
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, type Place } from './account.ts';

/** How an asynchronous invocation ended. */
export type Outcome =
  | { readonly kind: 'succeeded' }
  /** It failed each time, and the bucket has the record. */
  | { readonly kind: 'recorded'; readonly key: string }
  /** It failed each time, and the record could not be written either: the event is lost. */
  | { readonly kind: 'lost'; readonly reason: string };

/** The on-failure destination of a function, and what leads to it. */
interface Destination {
  readonly place: Place;
  readonly functionName: string;
  readonly functionArn: string;
  readonly bucket: string;
  /** Invocations in all. */
  readonly attempts: number;
}

/** @returns undefined when failures of the function do not go to a bucket */
export async function findDestination(
  endpoint: string,
  place: Place,
  functionName: string,
): Promise<Destination | undefined> {
  const settings = await new LambdaClient(clientConfig(endpoint, place))
    .send(new GetFunctionEventInvokeConfigCommand({ FunctionName: functionName }))
    .catch(() => undefined);
  const bucket = /^arn:[^:]+:s3:::(.+)$/.exec(settings?.DestinationConfig?.OnFailure?.Destination ?? '')?.[1];
  if (!settings || !bucket) return undefined;
  const attempts = 1 + (settings.MaximumRetryAttempts ?? 2);
  return { place, functionName, functionArn: settings.FunctionArn ?? '', bucket, attempts };
}

/**
 * Does what Lambda does with an asynchronous invocation: calls the function, calls it again when it failed (without
 * Lambda's minutes between), and in the end writes the record, with the rights of the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function invokeAsynchronously(endpoint: string, to: Destination, payload: Buffer): Promise<Outcome> {
  const lambda = new LambdaClient(clientConfig(endpoint, to.place));
  for (let attempt = 1; ; attempt++) {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: to.functionName, Payload: payload }));
    if (!answer.FunctionError) return { kind: 'succeeded' };
    if (attempt < to.attempts) continue;
    try {
      return { kind: 'recorded', key: await writeRecord(endpoint, to, payload, answer) };
    } catch (error) {
      return { kind: 'lost', reason: String(error) };
    }
  }
}

/** @returns the key of the object */
async function writeRecord(
  endpoint: string,
  to: Destination,
  payload: Buffer,
  answer: { readonly FunctionError?: string | undefined; readonly Payload?: Uint8Array | undefined },
): Promise<string> {
  const s3 = new S3Client({ ...(await sessionOf(endpoint, to.functionName, to.place)), forcePathStyle: true });
  const now = new Date().toISOString();
  const day = now.slice(0, 10).replaceAll('-', '/');
  const time = now.slice(0, 19).replaceAll(':', '.');
  const Key = `aws/lambda/async/${to.functionName}/${day}/${time}-${randomUUID()}`;
  const record = {
    version: '1.0',
    timestamp: now,
    requestContext: {
      requestId: randomUUID(),
      functionArn: to.functionArn,
      condition: 'RetriesExhausted',
      approximateInvokeCount: to.attempts,
    },
    requestPayload: JSON.parse(payload.toString()),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: answer.FunctionError },
    responsePayload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()),
  };
  await s3.send(new ListObjectsV2Command({ Bucket: to.bucket, MaxKeys: 1 }));
  await s3.send(new PutObjectCommand({ Bucket: to.bucket, Key, Body: JSON.stringify(record) }));
  return Key;
}

/** Settings of SDK clients that act with the rights of a function. */
export async function sessionOf(endpoint: string, functionName: string, place?: Place) {
  const config = clientConfig(endpoint, place);
  const { Role: RoleArn } = await new LambdaClient(config).send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  const { Credentials } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: functionName }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    ...config,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

import type { LambdaClient, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { LokiShipperError } from '../errors.ts';
import { cutText } from '../text.ts';
import { nameOf } from './aws-error.ts';

/** Calls a Lambda function, waits until it is done, and returns what it answers. */
export type Invoke = (functionName: string, payload: unknown, signal?: AbortSignal) => Promise<unknown>;

/** A function could not be called, or nobody knows how its invocation ended. */
export class InvocationFailed extends LokiShipperError {
  override readonly name = 'InvocationFailed';
  readonly reason: string;
  /** @param reason name of the SDK's error */
  constructor(functionName: string, reason: string) {
    super(`lambda:InvokeFunction failed with ${reason} for ${functionName}.`);
    this.reason = reason;
  }
}

/** A function was called and failed. The message is its own. */
export class FunctionFailed extends LokiShipperError {
  override readonly name = 'FunctionFailed';
}

const MAX_MESSAGE_BYTES = 500;

/** The longest that a function can take, 15 minutes, and some more. Without an answer by then it will never come. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 910_000, throwOnRequestTimeout: true } as const;

/**
 * Calls by the SDK, which is loaded at the first call. Nothing is called twice: a first call without an answer may still
 * be at work.
 *
 * @throws InvocationFailed, FunctionFailed
 */
export function lambdaInvoke(config: Pick<LambdaClientConfig, 'region' | 'profile'>): Invoke {
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-lambda'); client: LambdaClient }> | undefined;
  const load = () => {
    loading ??= import('@aws-sdk/client-lambda').then((sdk) => ({
      sdk,
      client: new sdk.LambdaClient({ ...config, maxAttempts: 1, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };

  return async (functionName, payload, abortSignal) => {
    const { sdk, client } = await load();
    const command = new sdk.InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) });
    const { FunctionError, Payload } = await client
      .send(command, abortSignal ? { abortSignal } : {})
      .catch((error: unknown) => {
        throw new InvocationFailed(functionName, nameOf(error));
      });
    const answer: unknown = Payload && Payload.length > 0 ? JSON.parse(Payload.transformToString()) : undefined;
    if (FunctionError) throw new FunctionFailed(messageOf(answer, functionName));
    return answer;
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function messageOf(answer: unknown, functionName: string): string {
  const { errorMessage } = Object(answer);
  return typeof errorMessage === 'string' && errorMessage
    ? cutText(errorMessage, MAX_MESSAGE_BYTES)
    : `${functionName} failed without a message.`;
}

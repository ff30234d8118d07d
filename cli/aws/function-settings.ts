import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import { CallFailed } from './call-failed.ts';

/** How a Lambda function is set up. */
export interface FunctionSettings {
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads how a function is set up. @throws CallFailed */
export type ReadSettings = (functionName: string, signal: AbortSignal) => Promise<FunctionSettings>;

const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/** Calls by the SDK, which is loaded at the first one. */
export function functionSettings(config: Pick<LambdaClientConfig, 'region' | 'profile'>): ReadSettings {
  return async (functionName, abortSignal) => {
    const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    const client = new LambdaClient({ ...config, requestHandler: TIMEOUTS });
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
    const { FunctionArn = '', Environment } = await client.send(command, { abortSignal }).catch((error: unknown) => {
      const missing = 'there is no such function: check --name, --region and --profile';
      throw new CallFailed({ call: 'lambda:GetFunctionConfiguration', target: functionName, missing }, error);
    });
    return { arn: FunctionArn, environment: Environment?.Variables ?? {} };
  };
}

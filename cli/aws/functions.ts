import type { LambdaClient, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { CallFailed } from './call-failed.ts';

/** How a Lambda function is set up, and how it is. */
export interface FunctionState {
  /** `Active`, `Pending`, `Inactive` or `Failed`, and why. */
  readonly state: string;
  readonly stateReason: string | null;
  /** Of the last change to it: `Successful`, `InProgress` or `Failed`, and why. */
  readonly lastUpdate: string;
  readonly lastUpdateReason: string | null;
  /** For example `nodejs22.x`. */
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Null when Lambda could not decrypt it for the caller. */
  readonly environment: Readonly<Record<string, string>> | null;
}

/** Looks at functions. Each call is made once or a few times, and throws CallFailed. */
export interface Functions {
  state(functionName: string, signal: AbortSignal): Promise<FunctionState>;
  /** How many may run at the same time; null for no limit of its own. */
  reservedConcurrency(functionName: string, signal: AbortSignal): Promise<number | null>;
  /** Whether CloudWatch Logs may call it. */
  isAllowedToLogs(functionName: string, signal: AbortSignal): Promise<boolean>;
  /** ARN of where events go that it failed on; null for nowhere. */
  onFailure(functionName: string, signal: AbortSignal): Promise<string | null>;
}

const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

const MISSING = 'there is no such function: check --name, --region and --profile';

/** Calls by the SDK, which is loaded at the first one. */
export function lambdaFunctions(config: Pick<LambdaClientConfig, 'region' | 'profile'>): Functions {
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-lambda'); client: LambdaClient }> | undefined;
  const load = () => {
    loading ??= import('@aws-sdk/client-lambda').then((sdk) => ({
      sdk,
      client: new sdk.LambdaClient({ ...config, requestHandler: TIMEOUTS }),
    }));
    return loading;
  };
  const failed = (call: string, target: string) => (error: unknown) => {
    throw new CallFailed({ call, target, missing: MISSING }, error);
  };
  /** @returns undefined where there is nothing of the kind, be it that there is no function */
  const ifThere = async <T>(call: string, target: string, answer: Promise<T>): Promise<T | undefined> => {
    const { sdk } = await load();
    return answer.catch((error: unknown) =>
      error instanceof sdk.ResourceNotFoundException ? undefined : failed(call, target)(error),
    );
  };

  return {
    async state(functionName, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.GetFunctionConfigurationCommand({ FunctionName: functionName });
      const found = await client
        .send(command, { abortSignal })
        .catch(failed('lambda:GetFunctionConfiguration', functionName));
      const { Environment } = found;
      return {
        state: found.State ?? 'Active',
        stateReason: found.StateReason ?? null,
        lastUpdate: found.LastUpdateStatus ?? 'Successful',
        lastUpdateReason: found.LastUpdateStatusReason ?? null,
        runtime: found.Runtime ?? '',
        timeoutSeconds: found.Timeout ?? 0,
        memoryMb: found.MemorySize ?? 0,
        environment: Environment?.Error ? null : (Environment?.Variables ?? {}),
      };
    },
    async reservedConcurrency(functionName, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.GetFunctionConcurrencyCommand({ FunctionName: functionName });
      const { ReservedConcurrentExecutions } = await client
        .send(command, { abortSignal })
        .catch(failed('lambda:GetFunctionConcurrency', functionName));
      return ReservedConcurrentExecutions ?? null;
    },
    async isAllowedToLogs(functionName, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.GetPolicyCommand({ FunctionName: functionName });
      const found = await ifThere('lambda:GetPolicy', functionName, client.send(command, { abortSignal }));
      // A statement for a service names it; of one with many conditions this is all that is looked at.
      return /"logs\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?"/.test(found?.Policy ?? '');
    },
    async onFailure(functionName, abortSignal) {
      const { sdk, client } = await load();
      const command = new sdk.GetFunctionEventInvokeConfigCommand({ FunctionName: functionName });
      const found = await ifThere(
        'lambda:GetFunctionEventInvokeConfig',
        functionName,
        client.send(command, { abortSignal }),
      );
      return found?.DestinationConfig?.OnFailure?.Destination ?? null;
    },
  };
}

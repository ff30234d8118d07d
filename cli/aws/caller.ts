import type { STSClientConfig } from '@aws-sdk/client-sts';
import { CallFailed } from './call-failed.ts';

/** Who asks AWS, and where. */
export interface Caller {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
}

const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } as const;

/** Asks AWS who it is that has these credentials. @throws CallFailed */
export async function callerOf(
  config: Pick<STSClientConfig, 'region' | 'profile'>,
  abortSignal: AbortSignal,
): Promise<Caller> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...config, requestHandler: TIMEOUTS });
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return { account: Account, arn: Arn, region: await client.config.region() };
  } catch (error) {
    throw new CallFailed({ call: 'sts:GetCallerIdentity', target: 'your credentials', missing: '' }, error);
  }
}

import { rmSync } from 'node:fs';
import { ACCOUNT, clientConfig, REGION } from './account.ts';
import { runFolder } from './folders.ts';
import { Gateway } from './gateway.ts';
import { type Loki, startLoki } from './loki.ts';
import { startMinistack } from './ministack.ts';
import { freePort } from './service.ts';
import { findTerraform, type Terraform } from './terraform.ts';

/** Real Terraform, real Loki, and an AWS that runs functions. */
export interface Stack {
  /** Of the emulated AWS. */
  readonly endpoint: string;
  readonly gateway: Gateway;
  readonly loki: Loki;
  readonly terraform: Terraform;
  /** For SDK clients: settings of the account's root. */
  readonly client: ReturnType<typeof clientConfig>;
  /** For Terraform: the `provider "aws"` block, as JSON. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** A folder that is gone when the stack stops. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts all parts, installing what is missing; a few seconds when nothing is. */
export async function startStack(): Promise<Stack> {
  const terraform = await findTerraform();
  const folder = runFolder();
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((each) => each()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [port, upstream] = [await freePort(), await freePort()];
    const endpoint = `http://127.0.0.1:${port}`;
    const started = await Promise.allSettled([
      startMinistack(upstream, endpoint, folder).then((service) => stops.push(service.stop)),
      Gateway.start(port, upstream).then((gateway) => {
        stops.push(() => gateway.stop());
        return gateway;
      }),
      startLoki(folder).then((loki) => {
        stops.push(loki.stop);
        return loki;
      }),
    ]);
    const [ministack, gateway, loki] = started;
    for (const { reason } of started.filter((part) => part.status === 'rejected')) throw reason;
    if (ministack.status !== 'fulfilled' || gateway.status !== 'fulfilled' || loki.status !== 'fulfilled')
      throw new Error('unreachable');
    return {
      endpoint,
      gateway: gateway.value,
      loki: loki.value,
      terraform,
      client: clientConfig(endpoint),
      provider: providerBlock(endpoint),
      folder,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const SERVICES = [
  'cloudwatchlogs',
  'ec2',
  'events',
  'iam',
  'kms',
  'lambda',
  's3',
  'scheduler',
  'secretsmanager',
  'ssm',
  'sts',
];

function providerBlock(endpoint: string): Readonly<Record<string, unknown>> {
  return {
    region: REGION,
    access_key: ACCOUNT,
    secret_key: 'test',
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    s3_use_path_style: true,
    endpoints: Object.fromEntries(SERVICES.map((service) => [service, endpoint])),
  };
}

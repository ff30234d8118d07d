import { ACCOUNT, REGION } from './account.ts';
import { type Aws, startAws } from './aws.ts';
import { findLoki } from './find-loki.ts';
import { removeFolder, runFolder } from './folders.ts';
import { type Loki, startLoki } from './loki.ts';
import { findMinistack } from './ministack.ts';
import { findMoto } from './moto.ts';
import type { Tell } from './progress.ts';
import { findTerraform, type Terraform } from './terraform.ts';

/** Real Terraform, real Loki, and an AWS that runs functions. */
export interface Stack extends Aws {
  readonly loki: Loki;
  readonly terraform: Terraform;
  /** For Terraform: the `provider "aws"` block, as JSON. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** A folder that is gone when the stack stops. */
  readonly folder: string;
}

export interface StackProps {
  /**
   * Whether moto answers for EC2, of which MiniStack knows too little for an instance.
   * @default false
   */
  readonly ec2?: boolean;
}

/**
 * Starts all parts, installing what is missing; seconds when nothing is.
 *
 * @param tell hears of what takes long; by default it is said on standard error
 * @throws MissingPart
 */
export async function startStack(tell: Tell = console.error, { ec2 = false }: StackProps = {}): Promise<Stack> {
  const terraform = await findTerraform();
  const emulators = { ministack: await findMinistack(tell), moto: ec2 ? await findMoto(tell) : undefined };
  const loki = await findLoki(tell);
  const folder = runFolder();
  const starting = [startAws(emulators, folder), startLoki(loki, folder)] as const;
  const stop = async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((part) => part.status === 'fulfilled' && part.value.stop()));
    removeFolder(folder);
  };
  try {
    const [aws, loki] = await Promise.all(starting);
    return { ...aws, loki, terraform, provider: providerBlock(aws.endpoint), folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const SERVICES = [
  'cloudwatch',
  'cloudwatchlogs',
  'dlm',
  'ec2',
  'events',
  'iam',
  'kms',
  'lambda',
  'resourcegroupstaggingapi',
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

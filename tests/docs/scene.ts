import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { EXAMPLES } from '../../tools/examples.ts';
import { REGION } from '../../tools/local/account.ts';
import { findAwsCli } from '../../tools/local/aws-cli.ts';
import { LOCAL, ROOT } from '../../tools/local/folders.ts';
import { findShellcheck } from '../../tools/local/shellcheck.ts';
import { type Stack, startStack } from '../../tools/local/stack.ts';
import { Aws } from '../e2e/aws.ts';
import { distOf } from '../e2e/configuration.ts';
import { Deployment } from '../e2e/deployment.ts';
import { Shell } from './shell.ts';

/** Log groups that commands of the documents name. */
const LOG_GROUPS = ['/aws/lambda/checkout', '/aws/lambda/fun-checkout', '/aws/codebuild/site', '/ecs/orders'];

/** An account on this machine in which the module is applied, as in that of a reader who follows the documents. */
export interface Scene {
  readonly stack: Stack;
  readonly dist: string;
  readonly shell: Shell;
}

/** @throws MissingPart */
export async function startScene(): Promise<Scene> {
  const [awsCli, shellcheck] = [await findAwsCli(console.error), await findShellcheck(console.error)];
  const stack = await startStack(console.error, { ec2: true });
  try {
    const dist = distOf(stack);
    const deployment = new Deployment(stack, 'platform');
    const aws = new Aws(stack);
    for (const group of LOG_GROUPS) await aws.createLogGroup(group);
    await deployment.apply({
      loki_url: stack.loki.url,
      log_groups: { '/aws/lambda/checkout': { tags: { owner: 'checkout' } }, '/ecs/orders': {} },
      log_group_prefixes: ['/aws/lambda/fun-'],
      labels: { from_tags: ['owner'], static: { env: 'prod' } },
      force_destroy: true,
    });
    await aws.call('loki-shipper-registrar', { action: 'reconcile' });
    const { bucket } = await deployment.outputs();
    const cwd = join(stack.folder, 'platform');
    symlinkSync(join(stack.folder, 'dist'), join(cwd, 'dist'));
    copyExamples(stack, cwd);
    const shell = new Shell({
      folder: join(stack.folder, 'shell'),
      cwd,
      shellcheck,
      env: { ...environment(stack), AWS_CLI: awsCli, BUCKET: bucket, ...(await someInstance(stack)) },
    });
    return { stack, dist, shell };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function copyExamples(stack: Stack, cwd: string): void {
  for (const example of EXAMPLES) {
    const folder = join(cwd, 'examples', example);
    cpSync(`examples/${example}`, folder, { recursive: true, filter: (file) => !file.includes('.terraform') });
    writeFileSync(join(folder, 'provider_override.tf.json'), JSON.stringify({ provider: { aws: stack.provider } }));
  }
}

/** An instance with a volume, which stands for the host of Loki. */
async function someInstance({ client }: Stack): Promise<NodeJS.ProcessEnv> {
  const ec2 = new EC2Client(client);
  const { Instances: [{ InstanceId: INSTANCE = '' } = {}] = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
  );
  const { Reservations: [{ Instances: [started] = [] } = {}] = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [INSTANCE] }),
  );
  return { INSTANCE, VOLUME: started?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId };
}

/** What commands find in their environment, and nothing of that of the tests. */
function environment(stack: Stack): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = stack.client.credentials;
  const home = join(stack.folder, 'home');
  mkdirSync(home);
  return {
    HOME: home,
    CHECKOUT: ROOT,
    LOKI_SHIPPER: join(distOf(stack), 'cli/loki-shipper.mjs'),
    TERRAFORM: stack.terraform.binary,
    TF_CLI_CONFIG_FILE: join(LOCAL, 'terraform', 'cli.tfrc'),
    TF_CLI_ARGS: '-no-color',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    LOKI_ADDR: stack.loki.url,
    REGION,
  };
}

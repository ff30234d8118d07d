import { readFileSync } from 'node:fs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Call } from '../../tools/local/call.ts';
import type { Stack } from '../../tools/local/stack.ts';
import { type Claims, tokenOf } from './token.ts';

interface Policy {
  readonly Version: string;
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

const policy = (file: string): Policy => JSON.parse(readFileSync(`examples/ci/${file}`, 'utf8'));

export const PLAN_POLICY = policy('plan-policy.json');

/**
 * What the emulator takes to be all resources in calls about them, where AWS looks for the one: rules of the default
 * bus, and tags of alarms. So their ARNs are not held here.
 * https://github.com/ministackorg/ministack/blob/main/ministack/core/iam_actions.py
 */
const ALL_AS_EMULATED: readonly string[] = [
  'arn:aws:events:eu-central-1:123456789012:rule/loki-shipper-*',
  'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:loki-shipper-*',
];

/** The role of docs/reviews.md, which jobs of both systems may take here. */
export async function createPlanRole({ client }: Stack): Promise<void> {
  const iam = new IAMClient(client);
  const RoleName = 'loki-shipper-plan';
  const trust = policy('github-trust.json');
  const both = { ...trust, Statement: [...trust.Statement, ...policy('gitlab-trust.json').Statement] };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(both) }));
  const PolicyDocument = ALL_AS_EMULATED.reduce((text, arn) => text.replace(arn, '*'), JSON.stringify(PLAN_POLICY));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'plan', PolicyDocument }));
}

/** Takes the role as aws-actions/configure-aws-credentials does. @returns variables for the steps after it */
export async function takeRole({ client }: Stack, RoleArn: string, claims: Claims): Promise<NodeJS.ProcessEnv> {
  const { Credentials } = await new STSClient(client).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn,
      RoleSessionName: 'GitHubActions',
      WebIdentityToken: tokenOf(claims),
    }),
  );
  return {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
}

/** What S3 calls a question about a bucket, by the parameter of its URL. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  accelerate: 'GetAccelerateConfiguration',
  acl: 'GetBucketAcl',
  cors: 'GetBucketCORS',
  encryption: 'GetEncryptionConfiguration',
  lifecycle: 'GetLifecycleConfiguration',
  logging: 'GetBucketLogging',
  'object-lock': 'GetBucketObjectLockConfiguration',
  ownershipControls: 'GetBucketOwnershipControls',
  policy: 'GetBucketPolicy',
  publicAccessBlock: 'GetBucketPublicAccessBlock',
  replication: 'GetReplicationConfiguration',
  requestPayment: 'GetBucketRequestPayment',
  tagging: 'GetBucketTagging',
  versioning: 'GetBucketVersioning',
  website: 'GetBucketWebsite',
};

const LAMBDA_ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^GET \S+\/functions\/[^/]+$/, 'GetFunction'],
  [/\/versions$/, 'ListVersionsByFunction'],
  [/\/policy$/, 'GetPolicy'],
  [/\/event-invoke-config$/, 'GetFunctionEventInvokeConfig'],
  [/\/code-signing-config$/, 'GetFunctionCodeSigningConfig'],
];

/** The action of IAM that a call needs. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export function actionOf(call: Call): string {
  const { service, action } = call;
  switch (service) {
    case 's3':
      return `s3:${s3Action(call)}`;
    case 'lambda':
      return `lambda:${LAMBDA_ACTIONS.find(([path]) => path.test(action))?.[1] ?? action}`;
    case 'scheduler':
      return action.startsWith('GET /schedules/') ? 'scheduler:GetSchedule' : `scheduler:${action}`;
    case 'monitoring':
      return `cloudwatch:${action}`;
    default:
      return `${service}:${action}`;
  }
}

function s3Action({ action, parameters }: Call): string {
  const [method, path = ''] = action.split(' ');
  const ofObject = /^\/[^/]+\/./.test(path);
  if (method !== 'GET' && method !== 'HEAD') return action;
  if (ofObject) return parameters.includes('tagging') ? 'GetObjectTagging' : 'GetObject';
  const named = parameters.map((name) => BUCKET_ACTIONS[name]).find((name) => name);
  return named ?? (method === 'HEAD' || parameters.includes('list-type') ? 'ListBucket' : `${action} ${parameters}`);
}

import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { type TerraformResource, Token } from 'cdktf';
import { arn, bucketArn } from '../account.ts';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { assumedBy, OWN_BUCKET, policyOf, type Statement } from '../policy.ts';
import { HOST_PREFIX } from './configuration.ts';
import { CHUNK_BUCKET, CONFIG_BUCKET, METRIC_NAMESPACE, NAME, roleName } from './names.ts';
import { SECRETS } from './secrets.ts';
import type { Variables } from './variables.ts';

export interface Role {
  readonly profile: IamInstanceProfile;
  /** What it permits. */
  readonly policies: readonly TerraformResource[];
}

/** The role of the instance: what it and its containers call, and nothing else. */
export function defineRole(module: ModuleStack, variables: Variables): Role {
  const tags = Token.asStringMap(variables.tags.value);
  const role = new IamRole(module, 'host.role', {
    name: roleName('host'),
    assumeRolePolicy: expression(assumedBy('ec2.amazonaws.com')),
    tags,
  });
  const sessions = new IamRolePolicyAttachment(module, 'session_manager.managed_policy', {
    role: role.name,
    policyArn: 'arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore',
  });
  const policy = new IamRolePolicy(module, 'host.role_policy', {
    name: NAME,
    role: role.id,
    policy: expression(policyOf(HOST)),
  });
  const profile = new IamInstanceProfile(module, 'host.profile', { name: roleName('host'), role: role.name, tags });
  return { profile, policies: [sessions, policy] };
}

const OWN_SECRETS = hcl`[${Object.keys(SECRETS)
  .map((name) => `aws_secretsmanager_secret.${name}.arn`)
  .join(', ')}]`;
const IF_S3 = (resource: string) => hcl`var.storage == "s3" ? ["${resource}"] : []`;

const HOST: readonly Statement[] = [
  {
    sid: 'FetchConfiguration',
    actions: ['s3:GetObject'],
    resources: hcl`["${bucketArn(CONFIG_BUCKET)}/${HOST_PREFIX}*"]`,
    condition: OWN_BUCKET,
  },
  {
    sid: 'GenerateSecrets',
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
    resources: OWN_SECRETS,
  },
  {
    sid: 'ReadCertificate',
    actions: ['secretsmanager:GetSecretValue'],
    resources: hcl`var.tls == null ? [] : [var.tls.certificate_secret_arn]`,
  },
  // Takes no resource; the namespace stands for one.
  {
    sid: 'PutMetrics',
    actions: ['cloudwatch:PutMetricData'],
    resources: '["*"]',
    condition: hcl`{ StringEquals = { "cloudwatch:namespace" = "${METRIC_NAMESPACE}" } }`,
  },
  {
    sid: 'FindChunks',
    actions: ['s3:ListBucket'],
    resources: IF_S3(bucketArn(CHUNK_BUCKET)),
    condition: OWN_BUCKET,
  },
  {
    sid: 'KeepChunks',
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resources: IF_S3(`${bucketArn(CHUNK_BUCKET)}/*`),
    condition: OWN_BUCKET,
  },
  {
    sid: 'UseKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: hcl`[for arn in [var.kms_key_arn] : arn if arn != null]`,
    condition: hcl`{ StringLike = { "kms:ViaService" = ["s3.\${local.region}.*", "secretsmanager.\${local.region}.*"] } }`,
  },
  // Grafana's data source CloudWatch. None takes a narrower resource:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
  {
    sid: 'ReadMetrics',
    actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
    resources: '["*"]',
  },
  {
    sid: 'QueryLogs',
    actions: ['logs:StartQuery', 'logs:GetLogGroupFields'],
    resources: hcl`["${arn('logs', 'log-group:*')}"]`,
  },
  {
    sid: 'ReadQueries',
    actions: ['logs:DescribeLogGroups', 'logs:GetQueryResults', 'logs:StopQuery'],
    resources: '["*"]',
  },
];

import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Token } from 'cdktf';
import { arn, bucketArn } from '../account.ts';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { assumedBy, OWN_BUCKET, policyOf, type Statement } from '../policy.ts';
import { BUCKET, type FunctionName, functionName, ownLogGroup, REGISTRY, roleName } from './names.ts';
import type { Variables } from './variables.ts';

export interface FunctionRole {
  readonly role: IamRole;
  readonly policy: IamRolePolicy;
}

/** The roles of the two functions: what each of them calls, and nothing else. */
export function defineRoles(module: ModuleStack, variables: Variables): Readonly<Record<FunctionName, FunctionRole>> {
  const define = (name: FunctionName, statements: readonly Statement[]): FunctionRole => {
    const role = new IamRole(module, `${name}.role`, {
      name: roleName(name),
      assumeRolePolicy: expression(assumedBy('lambda.amazonaws.com')),
      tags: Token.asStringMap(variables.tags.value),
    });
    const policy = new IamRolePolicy(module, `${name}.role_policy`, {
      name: functionName(name),
      role: role.id,
      policy: expression(policyOf([writeOwnLog(name), ...statements])),
    });
    return { role, policy };
  };
  return { shipper: define('shipper', SHIPPER), registrar: define('registrar', REGISTRAR) };
}

const ANY_LOG_GROUP = hcl`["${arn('logs', 'log-group:*')}"]`;

const FIND_BUCKET: Statement = {
  sid: 'FindBucket',
  actions: ['s3:ListBucket'],
  resources: hcl`["${bucketArn(BUCKET)}"]`,
  condition: OWN_BUCKET,
};

const SHIPPER: readonly Statement[] = [
  { sid: 'ReadTags', actions: ['logs:ListTagsForResource'], resources: ANY_LOG_GROUP },
  {
    sid: 'ReadCatalogue',
    actions: ['s3:GetObject'],
    resources: hcl`["${bucketArn(BUCKET)}/registry/catalogue.ndjson.gz"]`,
    condition: OWN_BUCKET,
  },
  // Lambda itself writes the record of a failed delivery, and asks for both of these in the role of the function:
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  {
    sid: 'KeepFailedDeliveries',
    actions: ['s3:PutObject'],
    resources: hcl`["${bucketArn(BUCKET)}/aws/lambda/async/${functionName('shipper')}/*"]`,
    condition: OWN_BUCKET,
  },
  // Without it, S3 answers for an object that is not there as for one that is forbidden.
  FIND_BUCKET,
  {
    sid: 'ParkLines',
    actions: ['s3:PutObject'],
    resources: hcl`["${bucketArn(BUCKET)}/parked/*"]`,
    condition: OWN_BUCKET,
  },
  {
    sid: 'Replay',
    actions: ['s3:GetObject', 's3:DeleteObject'],
    resources: hcl`["${bucketArn(BUCKET)}/parked/*", "${bucketArn(BUCKET)}/aws/lambda/async/${functionName('shipper')}/*"]`,
    condition: OWN_BUCKET,
  },
  {
    sid: 'ReadSecrets',
    actions: ['secretsmanager:GetSecretValue'],
    resources: hcl`[for arn in values(local.loki_secrets) : arn if strcontains(arn, ":secretsmanager:")]`,
  },
  {
    sid: 'ReadParameters',
    actions: ['ssm:GetParameter'],
    resources: hcl`[for arn in values(local.loki_secrets) : arn if strcontains(arn, ":ssm:")]`,
  },
  {
    sid: 'DecryptSecrets',
    actions: ['kms:Decrypt'],
    resources: hcl`[for arn in [var.loki_auth.kms_key_arn, try(var.loki_host.kms_key_arn, null)] : arn if arn != null]`,
    // Nothing else that is encrypted with the key. A secret may be in another region than the function.
    condition: '{ StringLike = { "kms:ViaService" = ["secretsmanager.*", "ssm.*"] } }',
  },
  // What Lambda needs to attach a function to a VPC; Describe* and the deletion take no narrower resource:
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  {
    sid: 'AttachToVpc',
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: hcl`length(local.vpc.subnet_ids) > 0 ? ["*"] : []`,
  },
];

const REGISTRARS_OWN = ['attachments/*', 'catalogue.ndjson.gz', 'intents/*', 'lock.json', 'state.json.gz'];

const REGISTRAR: readonly Statement[] = [
  {
    sid: 'WriteTags',
    actions: ['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'],
    resources: ANY_LOG_GROUP,
  },
  // None takes a narrower resource that would still find all.
  {
    sid: 'FindLogGroups',
    actions: ['logs:DescribeLogGroups', 'logs:ListLogGroups', 'tag:GetResources'],
    resources: '["*"]',
  },
  {
    sid: 'Subscribe',
    actions: ['logs:DescribeSubscriptionFilters', 'logs:PutSubscriptionFilter', 'logs:DeleteSubscriptionFilter'],
    resources: ANY_LOG_GROUP,
  },
  FIND_BUCKET,
  {
    sid: 'ReadRegistry',
    actions: ['s3:GetObject'],
    resources: hcl`["${bucketArn(BUCKET)}/${REGISTRY}*"]`,
    condition: OWN_BUCKET,
  },
  // All of it but the selection, which is Terraform's.
  {
    sid: 'WriteRegistry',
    actions: ['s3:PutObject', 's3:DeleteObject'],
    resources: hcl`[for key in ${JSON.stringify(REGISTRARS_OWN)} : "${bucketArn(BUCKET)}/${REGISTRY}\${key}"]`,
    condition: OWN_BUCKET,
  },
  {
    sid: 'Replay',
    actions: ['lambda:InvokeFunction'],
    resources: hcl`["${arn('lambda', `function:${functionName('shipper')}`)}"]`,
  },
];

/**
 * Its log group exists: creating it is not among the actions. A stream is created on the group's ARN and written on its
 * own, which has more after a colon.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
function writeOwnLog(name: FunctionName): Statement {
  return {
    sid: 'WriteOwnLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: hcl`["${arn('logs', `log-group:${ownLogGroup(name)}`)}", "${arn('logs', `log-group:${ownLogGroup(name)}:*`)}"]`,
  };
}

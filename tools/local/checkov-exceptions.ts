/** A check of checkov that fails where it is right to. One that no example needs fails the test. */
export interface Exception {
  readonly check: string;
  /** Addresses of resources. */
  readonly of: RegExp;
  readonly reason: string;
}

/** The functions, the bucket and the secrets of the modules, and the samples of the examples. */
const FUNCTIONS = /\baws_lambda_function\.\w+$/;
const OWN_BUCKET = /\baws_s3_bucket\.storage$/;
const BUCKETS = /\baws_s3_bucket\.(storage|config)$/;
const LOG_GROUPS = /\baws_cloudwatch_log_group\.\w+$/;
const HOST_SECRETS = /\baws_secretsmanager_secret\.(push|grafana_admin|grafana_secret_key)$/;
const SHIPPER_POLICY = /\baws_iam_role_policy\.shipper$/;

export const EXCEPTIONS: readonly Exception[] = [
  {
    check: 'CKV_AWS_50',
    of: FUNCTIONS,
    reason: 'the functions write a record of each invocation; traces would be paid for and tell no more',
  },
  {
    check: 'CKV_AWS_116',
    of: FUNCTIONS,
    reason: "an on-failure destination keeps the shipper's deliveries whole, which a queue cannot; others lose nothing",
  },
  {
    check: 'CKV_AWS_117',
    of: FUNCTIONS,
    reason:
      'a function without a VPC reaches AWS and a public Loki without NAT; vpc and loki_host put the shipper in one',
  },
  {
    check: 'CKV_AWS_272',
    of: FUNCTIONS,
    reason: "code signing needs a profile of the caller's; the zip is built reproducibly instead",
  },
  { check: 'CKV_AWS_290', of: SHIPPER_POLICY, reason: "Lambda's actions for a VPC take no narrower resource" },
  { check: 'CKV_AWS_355', of: SHIPPER_POLICY, reason: "Lambda's actions for a VPC take no narrower resource" },
  {
    check: 'CKV_AWS_158',
    of: LOG_GROUPS,
    reason: 'CloudWatch Logs encrypts them; what the functions log has no lines of the log groups',
  },
  {
    check: 'CKV_AWS_338',
    of: LOG_GROUPS,
    reason: 'a month is enough to find a fault; log_retention_days keeps them longer',
  },
  {
    check: 'CKV_AWS_18',
    of: BUCKETS,
    reason: 'access logs need a bucket that the module would not own; CloudTrail records data events where asked to',
  },
  {
    check: 'CKV_AWS_21',
    of: OWN_BUCKET,
    reason: 'what was replayed is to be gone, and the registry makes its objects anew',
  },
  {
    check: 'CKV_AWS_144',
    of: BUCKETS,
    reason: 'what they hold is of use in the region of the log groups only',
  },
  {
    check: 'CKV_AWS_145',
    of: BUCKETS,
    reason: "S3 encrypts them with its own keys; Lambda's records of failures would need the key in the shipper's role",
  },
  { check: 'CKV2_AWS_62', of: BUCKETS, reason: 'nobody waits for their objects' },
  {
    check: 'CKV_AWS_297',
    of: /\baws_scheduler_schedule\.registrar$/,
    reason: 'the schedule holds nothing but the name of a function',
  },
  {
    check: 'CKV2_AWS_34',
    of: /\baws_ssm_parameter\.installation$/,
    reason: 'it holds names and an id, for the stacks of applications to read without a key',
  },
  {
    check: 'CKV2_AWS_5',
    of: /\baws_security_group\.(shipper|loki_shipper)$/,
    reason: 'the shipper is in it, by an expression that checkov does not follow',
  },
  {
    check: 'CKV_AWS_149',
    of: HOST_SECRETS,
    reason: 'the key of AWS encrypts them; kms_key_arn is for those who have their own',
  },
  {
    check: 'CKV2_AWS_57',
    of: HOST_SECRETS,
    reason: 'the host generates them, and a rotation has to reach Loki and Grafana: docs/operations.md says how',
  },
  {
    check: 'CKV_AWS_189',
    of: /\baws_ebs_volume\.data$/,
    reason: 'the key of AWS encrypts it; kms_key_arn is for those who have their own',
  },
];

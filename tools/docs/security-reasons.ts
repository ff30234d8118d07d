/** Why a statement of a policy is there. */
export interface Reason {
  readonly why: string;
  /**
   * What it is on, where the policy has an expression for that.
   * @default - what the policy names
   */
  readonly on?: string;
  /**
   * With which inputs there is such a statement.
   * @default - always
   */
  readonly only?: string;
}

const WRITE_OWN_LOG: Reason = { why: 'It writes its own log, whose group exists: it creates none.' };
const TLS_ONLY: Reason = { why: 'Nobody reads or writes the bucket without TLS, whatever else permits it.' };

/** Address → Sid, or the managed policy, or the principal → why. What is missing here, or too much, fails the generation. */
export const REASONS: Readonly<Record<string, Readonly<Record<string, Reason>>>> = {
  'aws_iam_role_policy.shipper': {
    WriteOwnLog: WRITE_OWN_LOG,
    ReadTags: {
      why: 'Tags become labels; of a log group that the catalogue does not have, it asks itself. Any group may be subscribed.',
    },
    ReadCatalogue: {
      why: 'One object has the tags of all log groups, so that cold containers ask CloudWatch Logs for none.',
    },
    KeepFailedDeliveries: {
      why: "Lambda writes the record of a delivery that failed for good with the function's role.",
    },
    FindBucket: {
      why: 'Without it, S3 answers for an object that is not there as for one that is forbidden; Lambda asks for it, too.',
    },
    ParkLines: { why: 'It keeps the lines that Loki refuses.' },
    Replay: { why: 'It ships what was kept, and removes it when all of it is stored.' },
    ReadSecrets: {
      why: 'The credentials for Loki.',
      on: 'the secrets of `loki_auth`, or the one that the host generates',
      only: '`loki_auth` names a Secrets Manager secret, or `loki_host`',
    },
    ReadParameters: {
      why: 'The credentials for Loki.',
      on: 'the parameters of `loki_auth`',
      only: '`loki_auth` names an SSM parameter',
    },
    DecryptSecrets: {
      why: 'Secrets Manager and Parameter Store decrypt a value with the rights of who reads it.',
      on: '`kms_key_arn` of `loki_auth` or of `loki_host`',
      only: 'there is such a key',
    },
    AttachToVpc: {
      why: 'Lambda attaches the function to the subnets with its role; these actions take no narrower resource.',
      only: '`vpc` or `loki_host`',
    },
  },
  'aws_iam_role_policy.registrar': {
    WriteOwnLog: WRITE_OWN_LOG,
    WriteTags: {
      why: 'It writes the tags that the module was given, and takes them back. Log groups that are born later, or attached by others, are not known at the apply.',
    },
    FindLogGroups: {
      why: 'It finds log groups and their tags; these actions take no narrower resource that would find all.',
    },
    Subscribe: {
      why: 'It subscribes log groups, and takes back what it subscribed; which ones is not known at the apply.',
    },
    FindBucket: { why: 'It lists what is to be replayed and what others ask for.' },
    ReadRegistry: { why: 'What is to be shipped, who asks for what, and what it did.' },
    WriteRegistry: {
      why: "What it did, and the catalogue. Not the selection, which is Terraform's.",
      on: 'below `arn:aws:s3:::NAME-ACCOUNT-REGION/registry/`: `attachments/*`, `catalogue.ndjson.gz`, `intents/*`, `lock.json`, `state.json.gz`',
    },
    Replay: { why: 'The shipper replays: it has the way to Loki and the credentials.' },
  },
  'aws_iam_role_policy.scheduler': {
    RunRegistrar: { why: 'The schedule runs the registrar, and nothing else.' },
  },
  'aws_iam_role_policy.host': {
    FetchConfiguration: { why: 'The instance fetches what it runs.' },
    GenerateSecrets: {
      why: "The instance makes the passwords at its first boot, so that Terraform's state has none, and reads them after a rotation.",
    },
    ReadCertificate: {
      why: 'The certificate and key of nginx.',
      on: '`certificate_secret_arn` of `tls`',
      only: '`tls`',
    },
    PutMetrics: { why: 'The alarms of the host. The action takes no resource; the namespace stands for one.' },
    FindChunks: { why: 'Loki looks for chunks.', only: '`storage = "s3"`' },
    KeepChunks: { why: 'Loki writes, reads and deletes chunks and index.', only: '`storage = "s3"`' },
    UseKey: {
      why: 'The chunks in S3 and the secrets are encrypted with it.',
      on: '`kms_key_arn`',
      only: '`kms_key_arn`',
    },
    ReadMetrics: { why: "Grafana's data source CloudWatch; these actions take no narrower resource." },
    QueryLogs: { why: 'Logs Insights in Grafana: the dashboard of the shipper asks its own log groups, people any.' },
    ReadQueries: {
      why: 'The list of log groups, and the answers of Logs Insights; these actions take no narrower resource.',
    },
  },
  'aws_iam_role_policy_attachment.session_manager': {
    AmazonSSMManagedInstanceCore: {
      why: 'People come to the instance, and to Grafana on it, through Session Manager: no port is open for them.',
    },
  },
  'aws_iam_role_policy_attachment.snapshots': {
    AWSDataLifecycleManagerServiceRole: {
      why: "Data Lifecycle Manager makes the snapshots of the data volume, and deletes old ones. AWS's policy is for all volumes of the account; the lifecycle policy names one tag.",
      only: '`snapshots`',
    },
  },
  'aws_s3_bucket_policy.storage': { TlsOnly: TLS_ONLY },
  'aws_s3_bucket_policy.config': { TlsOnly: TLS_ONLY },
  'aws_s3_bucket_policy.chunks': { TlsOnly: { ...TLS_ONLY, only: '`storage = "s3"`' } },
  'aws_lambda_permission.log_groups': {
    'logs.amazonaws.com': {
      why: "One for all log groups: a function's policy has room for about 45, and a filter without permission loses lines.",
    },
  },
  'aws_lambda_permission.log_group_created': {
    'events.amazonaws.com': {
      why: 'A log group is subscribed as soon as it is created.',
      only: '`follow_on_creation`',
    },
  },
};

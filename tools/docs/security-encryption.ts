import type { BlocksJson } from '../../modules/module-json.ts';
import { code, table } from '../build-readme.ts';

type Block = BlocksJson[string][string];

/** Address → what is kept there. What is missing here, or too much, fails the generation. */
const HOLDS: Readonly<Record<string, string>> = {
  'aws_s3_bucket.storage': 'parked lines, records of failed deliveries (both have log content), the registry',
  'aws_s3_bucket.config': 'what the host runs and its settings, no secret',
  'aws_s3_bucket.chunks': 'chunks and index of Loki, with `storage = "s3"`',
  'aws_ebs_volume.data': 'chunks, index and write-ahead log of Loki, the database of Grafana',
  'aws_instance.loki': 'the root volume: the system, the credentials in files of root, the swap file',
  'aws_secretsmanager_secret.push': 'username and password of Loki',
  'aws_secretsmanager_secret.grafana_admin': "the password of Grafana's `admin`",
  'aws_secretsmanager_secret.grafana_secret_key': 'the key by which Grafana encrypts secrets in its database',
  'aws_cloudwatch_log_group.shipper': 'a record for each invocation; no log content',
  'aws_cloudwatch_log_group.registrar': 'errors; no log content',
  'aws_cloudwatch_log_group.this': 'the log group of an application, with the module `log-group`',
  'aws_ssm_parameter.installation': 'names and an id, for the stacks of applications',
  'aws_lambda_function.shipper': 'the environment: settings and ARNs of secrets, no secret',
  'aws_lambda_function.registrar': 'the environment: names',
  'aws_dlm_lifecycle_policy.snapshots': 'snapshots of the data volume, and the last one when it is destroyed',
};

const AWS_KEY = 'the key of AWS';

/** By what it is encrypted, by type of a resource that keeps something. */
const ENCRYPTED: Readonly<Record<string, (block: Block, name: string, resource: BlocksJson) => string>> = {
  aws_s3_bucket: (_, name, resource) => bucketKey(resource.aws_s3_bucket_server_side_encryption_configuration?.[name]),
  aws_ebs_volume: ({ encrypted, kms_key_id }) => (encrypted === true ? keyOf(kms_key_id) : 'nothing'),
  aws_instance: ({ root_block_device }) => {
    const { encrypted, kms_key_id } = root_block_device as Block;
    return encrypted === true ? keyOf(kms_key_id) : 'nothing';
  },
  aws_secretsmanager_secret: ({ kms_key_id }) => keyOf(kms_key_id),
  aws_cloudwatch_log_group: ({ kms_key_id }) => keyOf(kms_key_id),
  aws_ssm_parameter: ({ type, key_id }) => (type === 'SecureString' ? keyOf(key_id) : 'nothing: it is no secret'),
  aws_lambda_function: ({ kms_key_arn }) => keyOf(kms_key_arn),
  aws_dlm_lifecycle_policy: () => 'the key of the volume',
};

/** What is kept, and by what it is encrypted, as Markdown. @param resource of all modules */
export function encryptionText(resource: BlocksJson): string {
  const addresses = new Set<string>();
  const rows = Object.entries(ENCRYPTED).flatMap(([type, encrypted]) =>
    Object.entries(resource[type] ?? {}).map(([name, block]) => {
      const address = `${type}.${name}`;
      addresses.add(address);
      return [code(address), holdsOf(address), encrypted(block, name, resource)];
    }),
  );
  const gone = Object.keys(HOLDS).filter((address) => !addresses.has(address));
  if (gone.length > 0)
    throw new Error(`tools/docs/security-encryption.ts names what is not there: ${gone.join(', ')}.`);
  return table(['Where', 'What is kept', 'Encrypted with'], rows);
}

function holdsOf(address: string): string {
  const holds = HOLDS[address];
  if (!holds) throw new Error(`${address} keeps something: tools/docs/security-encryption.ts has to say what.`);
  return holds;
}

function keyOf(key: unknown): string {
  return key === undefined ? AWS_KEY : `${AWS_KEY}, or ${code(String(key).replace(/^\$\{var\.(\w+)\}$/, '$1'))}`;
}

function bucketKey(encryption: Block | undefined): string {
  const [rule] = (encryption?.rule ?? []) as readonly Block[];
  const { sse_algorithm, kms_master_key_id } = (rule?.apply_server_side_encryption_by_default ?? {}) as Block;
  if (!sse_algorithm) return 'nothing';
  return kms_master_key_id === undefined ? 'the keys of S3 (SSE-S3)' : 'the keys of S3 (SSE-S3), or `kms_key_arn`';
}

import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { clientConfig } from '../../tools/local/account.ts';
import { Aws } from '../e2e/aws.ts';

type Client = ReturnType<typeof clientConfig>;

/** What an account has in a region, by what AWS itself lists: a line each, with tags and filters of log groups. */
export async function inventoryOf(client: Client): Promise<readonly string[]> {
  const lists = await Promise.all([logGroups(client), instances(client), ...Object.entries(named(client)).map(lines)]);
  return lists.flat().sort();
}

async function lines([kind, names]: [string, Promise<readonly (string | undefined)[]>]): Promise<readonly string[]> {
  return (await names).map((name) => `${kind} ${name}`);
}

/** Kind → names. */
function named(client: Client) {
  const ec2 = new EC2Client(client);
  const iam = new IAMClient(client);
  return {
    function: new LambdaClient(client)
      .send(new ListFunctionsCommand({}))
      .then(({ Functions = [] }) => Functions.map(({ FunctionName }) => FunctionName)),
    role: iam.send(new ListRolesCommand({})).then(({ Roles = [] }) => Roles.map(({ RoleName }) => RoleName)),
    'instance profile': iam
      .send(new ListInstanceProfilesCommand({}))
      .then(({ InstanceProfiles = [] }) => InstanceProfiles.map(({ InstanceProfileName }) => InstanceProfileName)),
    bucket: new S3Client({ ...client, forcePathStyle: true })
      .send(new ListBucketsCommand({}))
      .then(({ Buckets = [] }) => Buckets.map(({ Name }) => Name)),
    alarm: new CloudWatchClient(client)
      .send(new DescribeAlarmsCommand({}))
      .then(({ MetricAlarms = [] }) => MetricAlarms.map(({ AlarmName }) => AlarmName)),
    rule: new EventBridgeClient(client)
      .send(new ListRulesCommand({}))
      .then(({ Rules = [] }) => Rules.map(({ Name }) => Name)),
    secret: new SecretsManagerClient(client)
      .send(new ListSecretsCommand({}))
      .then(({ SecretList = [] }) => SecretList.map(({ Name }) => Name)),
    parameter: new SSMClient(client)
      .send(new DescribeParametersCommand({}))
      .then(({ Parameters = [] }) => Parameters.map(({ Name }) => Name)),
    'security group': ec2
      .send(new DescribeSecurityGroupsCommand({}))
      .then(({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupId, GroupName }) => `${GroupName} ${GroupId}`)),
    volume: ec2
      .send(new DescribeVolumesCommand({}))
      .then(({ Volumes = [] }) => Volumes.map(({ VolumeId }) => VolumeId)),
    // moto has some of its own.
    snapshot: ec2
      .send(new DescribeSnapshotsCommand({ OwnerIds: [client.credentials.accessKeyId] }))
      .then(({ Snapshots = [] }) => Snapshots.map(({ VolumeSize }) => `of ${VolumeSize} GB`)),
  };
}

/** Less those that are terminated, which AWS lists for an hour. */
async function instances(client: Client): Promise<readonly string[]> {
  const { Reservations = [] } = await new EC2Client(client).send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name !== 'terminated')
    .map(({ InstanceId }) => `instance ${InstanceId}`);
}

async function logGroups(client: Client): Promise<readonly string[]> {
  const aws = new Aws({ client });
  const { logGroups: groups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}));
  return Promise.all(
    groups.map(async ({ logGroupName: name = '' }) => {
      const [tags, filters] = [await aws.tagsOf(name), await aws.filtersOf(name)];
      return `log group ${name} ${JSON.stringify({ tags, filters })}`;
    }),
  );
}

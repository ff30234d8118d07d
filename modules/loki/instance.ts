import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import type { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import { Instance } from '@cdktf/provider-aws/lib/instance/index.js';
import type { ITerraformDependable } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { NAMED_TAGS } from './tags.ts';
import type { Variables } from './variables.ts';

/** AWS's own name of the newest image: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

export interface InstanceProps {
  readonly profile: IamInstanceProfile;
  /** What must be there when it boots. */
  readonly dependsOn: ITerraformDependable[];
}

/** The instance. Nothing on it is missed when it is replaced: what lasts is on the data volume. */
export function defineInstance(module: ModuleStack, variables: Variables, props: InstanceProps): Instance {
  new DataAwsSsmParameter(module, 'image.parameter', { name: IMAGE });
  const instance = new Instance(module, 'loki.instance', {
    ami: '${data.aws_ssm_parameter.image.insecure_value}',
    instanceType: '${data.aws_ec2_instance_type.host.instance_type}',
    subnetId: '${local.subnet_id}',
    vpcSecurityGroupIds: ['${aws_security_group.loki.id}'],
    associatePublicIpAddress: false,
    iamInstanceProfile: props.profile.name,
    // It fetches what changes, so that it changes hardly ever itself; a change restarts the instance and replaces nothing.
    userData: expression(USER_DATA),
    userDataReplaceOnChange: false,
    ebsOptimized: true,
    monitoring: true,
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      // The containers are one hop further: Loki takes the role of the instance for S3, Grafana for CloudWatch.
      httpPutResponseHopLimit: 2,
    },
    rootBlockDevice: {
      volumeType: 'gp3',
      volumeSize: 20,
      encrypted: true,
      kmsKeyId: variables.kmsKeyArn.stringValue,
      tags: NAMED_TAGS,
    },
    maintenanceOptions: { autoRecovery: 'default' },
    tags: NAMED_TAGS,
    lifecycle: {
      // A newer image is no reason to replace it: the host updates its packages itself.
      ignoreChanges: ['ami'],
    },
    dependsOn: props.dependsOn,
  });
  // Other types refuse the block. The default, unlimited, costs more when a host is busy for long.
  instance.addOverride('dynamic.credit_specification', {
    for_each: '${local.burstable ? ["standard"] : []}',
    content: { cpu_credits: '${credit_specification.value}' },
  });
  return instance;
}

/** Made of values that do not change with the settings of the host. */
const USER_DATA = hcl`templatefile("\${path.module}/user-data.yaml.tftpl", { for name in ["name", "region", "config_bucket"] : name => local.host_values[name] })`;

import { EbsVolume } from '@cdktf/provider-aws/lib/ebs-volume/index.js';
import type { Instance } from '@cdktf/provider-aws/lib/instance/index.js';
import { VolumeAttachment } from '@cdktf/provider-aws/lib/volume-attachment/index.js';
import { DataResource, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { SNAPSHOT_TAG } from './names.ts';
import type { Variables } from './variables.ts';

/** The volume with all that Loki and Grafana know: it grows in place, and outlives the instance. */
export function defineVolume(module: ModuleStack, variables: Variables): EbsVolume {
  // Zone and key are what a volume cannot change: Terraform would destroy it for an empty one. Loki would look for all
  // chunks in another storage, and find none of those that there are. So what it was created with is kept.
  const origin = new DataResource(module, 'volume_origin.data', {
    input: {
      availability_zone: '${local.availability_zone}',
      kms_key_arn: '${var.kms_key_arn}',
      storage: '${var.storage}',
    },
    lifecycle: { ignoreChanges: ['input'] },
  });
  const kept = (field: string) => `terraform_data.${origin.friendlyUniqueId}.output.${field}`;
  return new EbsVolume(module, 'data.volume', {
    availabilityZone: '${local.availability_zone}',
    type: 'gp3',
    size: variables.volumeGb.numberValue,
    encrypted: true,
    kmsKeyId: variables.kmsKeyArn.stringValue,
    snapshotId: variables.snapshotId.stringValue,
    finalSnapshot: variables.finalSnapshot.booleanValue,
    tags: Token.asStringMap(
      expression(hcl`merge({ Name = "\${var.name}-data", ${SNAPSHOT_TAG} = var.name }, var.tags)`),
    ),
    lifecycle: {
      // It says what a new volume is made of, and is no reason for one.
      ignoreChanges: ['snapshot_id'],
      precondition: [
        {
          condition: expression(hcl`${kept('availability_zone')} == local.availability_zone`),
          errorMessage: `subnet_id must stay in the availability zone of the data volume, \${${kept('availability_zone')}}: a volume cannot leave it. docs/operations.md says how it moves by a snapshot.`,
        },
        {
          condition: expression(hcl`${kept('kms_key_arn')} == var.kms_key_arn`),
          errorMessage:
            'kms_key_arn must stay what the data volume was encrypted with: a volume cannot change it. docs/operations.md says how it moves by a snapshot.',
        },
        {
          condition: expression(hcl`${kept('storage')} == var.storage`),
          errorMessage: `storage must stay \${${kept('storage')}}: Loki would no longer find the logs that it has. docs/operations.md says how to move.`,
        },
      ],
    },
  });
}

/** Once more for each new instance; the volume is let go of only by an instance that was stopped, and so has written all. */
export function attachVolume(module: ModuleStack, volume: EbsVolume, instance: Instance): void {
  new VolumeAttachment(module, 'data.attachment', {
    deviceName: '/dev/sdf',
    volumeId: volume.id,
    instanceId: instance.id,
    stopInstanceBeforeDetaching: true,
  });
}

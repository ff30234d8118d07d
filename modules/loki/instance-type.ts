import { DataAwsEc2InstanceType } from '@cdktf/provider-aws/lib/data-aws-ec2-instance-type/index.js';
import { DataAwsEc2InstanceTypeOfferings } from '@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings/index.js';
import { expression } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';

/** Under it, Loki and Grafana do not fit beside the system. */
const MIN_MEMORY_MB = 2048;

/**
 * What the type of the instance has: `local.memory_mb`, `local.vcpus`, `local.burstable`, and `local.zones_of_type`, the
 * availability zones in which there are instances of it.
 */
export function defineInstanceType(module: ModuleStack): void {
  const offerings = new DataAwsEc2InstanceTypeOfferings(module, 'zones.offerings', {
    filter: [{ name: 'instance-type', values: ['${var.instance_type}'] }],
    locationType: 'availability-zone',
    lifecycle: {
      postcondition: [
        {
          condition: expression('length(self.locations) > 0'),
          errorMessage:
            'instance_type must be one that ${data.aws_region.current.id} has: there is no ${var.instance_type}.',
        },
      ],
    },
  });
  module.local('zones_of_type', 'sort(data.aws_ec2_instance_type_offerings.zones.locations)');
  new DataAwsEc2InstanceType(module, 'host.instance_type', {
    instanceType: '${var.instance_type}',
    // The look-up of one that is not there fails with words that help nobody.
    dependsOn: [offerings],
    lifecycle: {
      postcondition: [
        {
          condition: expression('contains(self.supported_architectures, "arm64")'),
          errorMessage:
            'instance_type must be of the architecture arm64, such as t4g.medium: ${self.instance_type} is ${join(", ", self.supported_architectures)}.',
        },
        {
          condition: expression(`self.memory_size >= ${MIN_MEMORY_MB}`),
          errorMessage: `instance_type must have ${MIN_MEMORY_MB} MiB of memory for Loki and Grafana: \${self.instance_type} has \${self.memory_size}.`,
        },
      ],
    },
  });
  const type = 'data.aws_ec2_instance_type.host';
  module.local('memory_mb', `${type}.memory_size`);
  module.local('vcpus', `${type}.default_vcpus`);
  module.local('burstable', `${type}.burstable_performance_supported`);
}

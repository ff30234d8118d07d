import { DataAwsSecurityGroups } from '@cdktf/provider-aws/lib/data-aws-security-groups/index.js';
import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js';
import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets/index.js';
import { type TerraformResource, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { defineVpc } from './vpc.ts';

/**
 * Where the instance is: `local.subnet_id`, `local.vpc_id` and `local.availability_zone`, of the given subnet or of a VPC
 * that is created.
 *
 * @returns what the instance needs to reach the internet
 */
export function defineNetwork(module: ModuleStack): readonly TerraformResource[] {
  defineGivenSubnet(module);
  const ways = defineVpc(module);

  module.local('subnet_id', 'var.create_vpc ? one(aws_subnet.private[*].id) : var.subnet_id');
  module.local('vpc_id', 'var.create_vpc ? one(aws_vpc.loki[*].id) : one(data.aws_subnet.given[*].vpc_id)');
  module.local(
    'availability_zone',
    'var.create_vpc ? one(aws_subnet.private[*].availability_zone) : one(data.aws_subnet.given[*].availability_zone)',
  );
  defineGivenSecurityGroups(module);
  return ways;
}

/** Searched for first, because a look-up of one that is missing fails with words that help nobody. */
function defineGivenSubnet(module: ModuleStack): void {
  const found = new DataAwsSubnets(module, 'given.subnets', {
    filter: [{ name: 'subnet-id', values: ['${var.subnet_id}'] }],
    lifecycle: {
      postcondition: [
        {
          condition: expression('length(self.ids) == 1'),
          errorMessage:
            'subnet_id must be a subnet of the account and region of the provider: there is no ${var.subnet_id} in ${data.aws_region.current.id}.',
        },
      ],
    },
  });
  found.addOverride('count', '${var.create_vpc ? 0 : 1}');
  const subnet = new DataAwsSubnet(module, 'given.subnet', {
    id: '${data.aws_subnets.given[0].ids[0]}',
    lifecycle: {
      postcondition: [
        {
          condition: expression('contains(local.zones_of_type, self.availability_zone)'),
          errorMessage:
            'subnet_id must be in an availability zone that has instances of the type ${var.instance_type}: ${self.availability_zone} has none, ${join(", ", local.zones_of_type)} have.',
        },
      ],
    },
  });
  subnet.addOverride('count', '${var.create_vpc ? 0 : 1}');
}

/** A rule of a security group takes another of the same VPC only. */
function defineGivenSecurityGroups(module: ModuleStack): void {
  const found = new DataAwsSecurityGroups(module, 'given.security_groups', {
    filter: [
      { name: 'group-id', values: Token.asList('${var.shipper_security_group_ids}') },
      { name: 'vpc-id', values: ['${local.vpc_id}'] },
    ],
    lifecycle: {
      postcondition: [
        {
          condition: expression(hcl`length(${STRANGERS}) == 0`),
          errorMessage: `shipper_security_group_ids must be security groups of \${local.vpc_id}, the VPC of subnet_id; wrong: \${join(", ", ${STRANGERS})}.`,
        },
      ],
    },
  });
  found.addOverride('count', '${length(var.shipper_security_group_ids) > 0 ? 1 : 0}');
}

const STRANGERS = hcl`setsubtract(var.shipper_security_group_ids, self.ids)`;

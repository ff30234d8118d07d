import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { isSubnetId, namesBuckets } from '../rules.ts';

/** The inputs that say what the host is called, and where it is. */
export function placeVariables(module: ModuleStack) {
  return {
    name: module.variable('name', {
      description:
        'What the instance, its role, secrets, alarms and buckets are called, or begin with. One account and region holds as many hosts as it has names.',
      type: 'string',
      default: 'loki-shipper',
      // The longest names that are made of it, those of buckets, have 33 more characters and at most 63.
      validation: [namesBuckets(30, 'buckets')],
    }),

    subnetId: module.variable('subnet_id', {
      description:
        'Subnet of the instance: one from which it reaches the internet, by a NAT gateway for example, as it gets no public address. Null: with create_vpc.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.subnet_id == null || ${isSubnetId('var.subnet_id')}`,
          errorMessage: 'subnet_id must be the id of a subnet (subnet-…).',
        },
        {
          condition: hcl`(var.subnet_id != null) != var.create_vpc`,
          errorMessage: 'subnet_id must name a subnet, or create_vpc be true, and not both.',
        },
      ],
    }),

    createVpc: module.variable('create_vpc', {
      description:
        'Whether a small VPC is created for the instance, and for what ships to it: a private subnet, and a public one with a NAT gateway. The gateway costs more than the instance.',
      type: 'bool',
      default: false,
    }),

    vpcCidr: module.variable('vpc_cidr', {
      description: 'Addresses of the VPC that is created, of which each of the two subnets gets a quarter.',
      type: 'string',
      default: '10.90.0.0/24',
      validation: [
        {
          condition: hcl`can(cidrnetmask(var.vpc_cidr)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 26, false)`,
          errorMessage: 'vpc_cidr must be IPv4 addresses with a prefix of /16 to /26, such as 10.90.0.0/24.',
        },
      ],
    }),
  };
}

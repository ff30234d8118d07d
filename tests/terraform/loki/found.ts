import type { FoundRefusal } from '../refusals.ts';

const ZONE = 'eu-central-1a';

/** What the look-ups of the module loki find, where nothing is wrong: attributes by type. */
export const FOUND = {
  aws_region: { id: 'eu-central-1' },
  aws_caller_identity: { account_id: '123456789012' },
  aws_partition: { partition: 'aws' },
  aws_ec2_instance_type_offerings: { locations: ['eu-central-1b', ZONE] },
  aws_ec2_instance_type: instanceType('t4g.medium', 4096),
  aws_subnets: { ids: ['subnet-1'] },
  aws_subnet: { id: 'subnet-1', vpc_id: 'vpc-1', availability_zone: ZONE },
  aws_security_groups: { ids: ['sg-1', 'sg-2'] },
  aws_ssm_parameter: { insecure_value: 'ami-1' },
} as const;

/** What EC2 says of a type of instances. */
export function instanceType(instance_type: string, memory_size: number, architecture = 'arm64') {
  return {
    instance_type,
    memory_size,
    supported_architectures: [architecture],
    default_vcpus: 2,
    burstable_performance_supported: instance_type.startsWith('t'),
  };
}

/** What the plan refuses of what it finds. */
export const FOUND_REFUSALS: readonly FoundRefusal[] = [
  {
    what: 'a subnet that is not there',
    given: { subnet_id: 'subnet-2' },
    found: { aws_subnets: { ids: [] } },
    says: /^subnet_id must be a subnet of the account and region of the provider: there is no subnet-2 in eu-central-1\.$/,
  },
  {
    what: 'a subnet in a zone without instances of the type',
    given: {},
    found: { aws_subnet: { ...FOUND.aws_subnet, availability_zone: 'eu-central-1c' } },
    says: /^subnet_id must be in an availability zone that has instances of the type t4g\.medium: eu-central-1c has none, eu-central-1a, eu-central-1b have\.$/,
  },
  {
    what: 'a security group of another VPC',
    given: { shipper_security_group_ids: ['sg-1', 'sg-3'] },
    found: {},
    says: /^shipper_security_group_ids must be security groups of vpc-1, the VPC of subnet_id; wrong: sg-3\.$/,
  },
  {
    what: 'a type that the region does not have',
    given: { instance_type: 't9g.medium' },
    found: { aws_ec2_instance_type_offerings: { locations: [] } },
    says: /^instance_type must be one that eu-central-1 has: there is no t9g\.medium\.$/,
  },
  {
    what: 'a type of another architecture',
    given: { instance_type: 't3.medium' },
    found: { aws_ec2_instance_type: instanceType('t3.medium', 4096, 'x86_64') },
    says: /^instance_type must be of the architecture arm64, such as t4g\.medium: t3\.medium is x86_64\.$/,
  },
  {
    what: 'a type with too little memory',
    given: { instance_type: 't4g.micro' },
    found: { aws_ec2_instance_type: instanceType('t4g.micro', 1024) },
    says: /^instance_type must have 2048 MiB of memory for Loki and Grafana: t4g\.micro has 1024\.$/,
  },
];

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

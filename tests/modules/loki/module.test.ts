import { expect } from 'chai';
import { LokiModule } from '../../../modules/loki/index.ts';
import { newModuleApp } from '../../../modules/module-stack.ts';
import { addresses } from '../addresses.ts';

const module = new LokiModule(newModuleApp()).toModule();

describe('The module loki', () => {
  // Whoever renames one destroys and creates it in every installation: then a `moved` block belongs to the change.
  it('has resources of these addresses', () => {
    expect(addresses(module.resource)).to.have.members([
      'aws_cloudwatch_metric_alarm.cpu_credits',
      'aws_cloudwatch_metric_alarm.disk_used',
      'aws_cloudwatch_metric_alarm.grafana_health',
      'aws_cloudwatch_metric_alarm.host_applied',
      'aws_cloudwatch_metric_alarm.loki_health',
      'aws_cloudwatch_metric_alarm.status_check',
      'aws_default_security_group.loki',
      'aws_dlm_lifecycle_policy.snapshots',
      'aws_ebs_volume.data',
      'aws_eip.nat',
      'aws_iam_instance_profile.host',
      'aws_iam_role.host',
      'aws_iam_role.snapshots',
      'aws_iam_role_policy.host',
      'aws_iam_role_policy_attachment.session_manager',
      'aws_iam_role_policy_attachment.snapshots',
      'aws_instance.loki',
      'aws_internet_gateway.loki',
      'aws_nat_gateway.loki',
      'aws_route.private',
      'aws_route.public',
      'aws_route_table.private',
      'aws_route_table.public',
      'aws_route_table_association.private',
      'aws_route_table_association.public',
      'aws_s3_bucket.chunks',
      'aws_s3_bucket.config',
      'aws_s3_bucket_lifecycle_configuration.chunks',
      'aws_s3_bucket_lifecycle_configuration.config',
      'aws_s3_bucket_ownership_controls.chunks',
      'aws_s3_bucket_ownership_controls.config',
      'aws_s3_bucket_policy.chunks',
      'aws_s3_bucket_policy.config',
      'aws_s3_bucket_public_access_block.chunks',
      'aws_s3_bucket_public_access_block.config',
      'aws_s3_bucket_server_side_encryption_configuration.chunks',
      'aws_s3_bucket_server_side_encryption_configuration.config',
      'aws_s3_bucket_versioning.config',
      'aws_s3_object.host_files',
      'aws_s3_object.manifest',
      'aws_secretsmanager_secret.grafana_admin',
      'aws_secretsmanager_secret.grafana_secret_key',
      'aws_secretsmanager_secret.push',
      'aws_security_group.loki',
      'aws_security_group.shipper',
      'aws_subnet.private',
      'aws_subnet.public',
      'aws_volume_attachment.data',
      'aws_vpc.loki',
      'aws_vpc_endpoint.s3',
      'aws_vpc_security_group_egress_rule.loki',
      'aws_vpc_security_group_egress_rule.loki_to_s3',
      'aws_vpc_security_group_egress_rule.shipper',
      'aws_vpc_security_group_egress_rule.shipper_to_loki',
      'aws_vpc_security_group_egress_rule.shipper_to_s3',
      'aws_vpc_security_group_ingress_rule.grafana_from_cidrs',
      'aws_vpc_security_group_ingress_rule.loki_from_cidrs',
      'aws_vpc_security_group_ingress_rule.loki_from_security_groups',
      'aws_vpc_security_group_ingress_rule.loki_from_shipper',
      'terraform_data.volume_origin',
    ]);
  });

  it('has no provider block, so that it can be called with count', () => {
    expect(module).to.have.all.keys('terraform', 'variable', 'locals', 'data', 'resource', 'output');
    expect(module.terraform.required_providers).to.deep.equal({
      aws: { source: 'hashicorp/aws', version: '>= 5.100.0' },
    });
  });

  it('uses every variable and every local value', () => {
    const { variable, ...rest } = module;
    for (const name of Object.keys(variable)) expect(JSON.stringify(rest)).to.match(new RegExp(`\\bvar\\.${name}\\b`));
    for (const name of Object.keys(module.locals))
      expect(JSON.stringify(module)).to.match(new RegExp(`\\blocal\\.${name}\\b`));
  });

  it('requires no input: the plan says which it needs of those that exclude each other', () => {
    for (const variable of Object.values(module.variable)) expect(variable).to.have.property('default');
  });

  for (const [name, { description, type, default: fallback, nullable, validation }] of Object.entries(module.variable))
    it(`says what ${name} is, and refuses it in sentences that name it and say what is right`, () => {
      expect(description).to.match(/^[A-Z].+\.$/);
      expect(nullable).to.equal(fallback === null ? undefined : false);
      if (type !== 'bool' && name !== 'alarms') expect(validation).not.to.equal(undefined);
      for (const { error_message } of validation ?? [])
        expect(error_message).to.match(new RegExp(`^${name}(\\.\\w+)? must .+\\.$`));
    });

  it('describes its outputs', () => {
    expect(module.output).to.have.all.keys(
      'boot_report_command',
      'grafana_admin_secret_arn',
      'grafana_command',
      'instance_id',
      'loki_url',
      'on_destroy',
      'private_ip',
      'push_secret_arn',
      'security_group_id',
      'shipper_security_group_id',
      'subnet_ids',
      'volume_id',
      'vpc_id',
    );
    for (const { description } of Object.values(module.output)) expect(description).to.match(/^[A-Z].+\.$/);
  });
});

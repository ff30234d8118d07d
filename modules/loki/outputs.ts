import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';

/** What callers of the module may refer to. */
export function defineOutputs(module: ModuleStack): void {
  module.output('loki_url', {
    description: "Where Loki is: the input loki_url of the shipper's module.",
    value: hcl`var.tls == null ? "http://\${aws_instance.loki.private_ip}:3100" : "https://\${var.tls.server_name}:3100"`,
  });
  module.output('push_secret_arn', {
    description:
      "ARN of the secret that holds username and password of Loki, which the instance generates: loki_auth.basic_auth_arn of the shipper's module.",
    value: 'aws_secretsmanager_secret.push.arn',
  });
  module.output('grafana_admin_secret_arn', {
    description: "ARN of the secret that holds the password of Grafana's user admin, which the instance generates.",
    value: 'aws_secretsmanager_secret.grafana_admin.arn',
  });
  module.output('instance_id', { description: 'Id of the instance.', value: 'aws_instance.loki.id' });
  module.output('private_ip', {
    description: 'Address of the instance in the VPC, which tls.server_name must lead to.',
    value: 'aws_instance.loki.private_ip',
  });
  module.output('volume_id', { description: 'Id of the data volume.', value: 'aws_ebs_volume.data.id' });
  module.output('security_group_id', {
    description: 'Id of the security group of the instance.',
    value: 'aws_security_group.loki.id',
  });
  module.output('shipper_security_group_id', {
    description: 'Id of a security group whose members may push to Loki and query it.',
    value: 'aws_security_group.shipper.id',
  });
  module.output('subnet_ids', {
    description: 'Subnets for the shipper: the one of the instance.',
    value: '[local.subnet_id]',
  });
  module.output('vpc_id', { description: 'VPC of the instance.', value: 'local.vpc_id' });
  module.output('grafana_command', {
    description: 'Command that brings Grafana to http://localhost:3000, through Session Manager.',
    value: hcl`"aws ssm start-session --region \${local.region} --target \${aws_instance.loki.id} --document-name AWS-StartPortForwardingSession --parameters portNumber=3000,localPortNumber=3000"`,
  });
  module.output('boot_report_command', {
    description: 'Command that shows what the instance did at its last boot, step by step.',
    value: hcl`"aws ssm start-session --region \${local.region} --target \${aws_instance.loki.id} --document-name AWS-StartInteractiveCommand --parameters command='sudo /opt/loki-host/bin/report'"`,
  });
  module.output('on_destroy', {
    description: 'What a destruction of the module leaves behind, and what it takes with it.',
    value: ON_DESTROY,
  });
}

const ON_DESTROY = hcl`join(" ", [
  var.final_snapshot
    ? "Destroying the module takes a last snapshot of the data volume \${aws_ebs_volume.data.id} and leaves it, until somebody deletes it; snapshot_id makes a volume of it again."
    : "Destroying the module destroys the data volume \${aws_ebs_volume.data.id} with all that is on it, as final_snapshot is false.",
  "Its secrets can be restored for 30 days."
])`;

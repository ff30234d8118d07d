import { hcl } from '../hcl.ts';
import type { ModuleStack, Validation } from '../module-stack.ts';
import { isSecretArn, isSecurityGroupId, matches, none } from '../rules.ts';
import { isCidr, OPEN_WITHOUT_TLS, OWN_SETTINGS } from './rules.ts';

/** The inputs that say who reaches the host, and how. */
export function accessVariables(module: ModuleStack) {
  return {
    shipperSecurityGroupIds: module.variable('shipper_security_group_ids', {
      description:
        'Security groups of the VPC, besides the one that the module creates for a shipper, whose members may push to Loki and query it. Their ids must be known at plan.',
      type: 'list(string)',
      default: [],
      validation: [
        none(
          hcl`[for id in var.shipper_security_group_ids : id if !${isSecurityGroupId('id')}]`,
          'shipper_security_group_ids must be ids of security groups (sg-…)',
        ),
        {
          condition: hcl`!var.create_vpc || length(var.shipper_security_group_ids) == 0`,
          errorMessage:
            'shipper_security_group_ids must be empty with create_vpc, as no security group can be of a VPC that is not there yet: use the output shipper_security_group_id.',
        },
      ],
    }),

    pushCidrs: module.variable('push_cidrs', {
      description: 'Addresses from which Loki may be pushed to and queried, as CIDR blocks.',
      type: 'list(string)',
      default: [],
      validation: [cidrs('push_cidrs'), OPEN_WITHOUT_TLS],
    }),

    grafanaCidrs: module.variable('grafana_cidrs', {
      description:
        'Addresses from which Grafana may be reached at port 443, as CIDR blocks; needs tls. None: through Session Manager alone, by the output grafana_command.',
      type: 'list(string)',
      default: [],
      validation: [
        cidrs('grafana_cidrs'),
        {
          condition: hcl`length(var.grafana_cidrs) == 0 || var.tls != null`,
          errorMessage: 'grafana_cidrs must be empty without tls, or passwords would be sent in clear.',
        },
      ],
    }),

    egressCidrs: module.variable('egress_cidrs', {
      description:
        'Where the instance and the shipper may connect to, as CIDR blocks, besides S3: the APIs of AWS, the registry of the images.',
      type: 'list(string)',
      default: ['0.0.0.0/0'],
      validation: [
        cidrs('egress_cidrs'),
        {
          condition: hcl`length(var.egress_cidrs) > 0`,
          errorMessage:
            'egress_cidrs must hold one block at least: without one, the host gets neither its packages nor its images.',
        },
      ],
    }),

    egressPorts: module.variable('egress_ports', {
      description: 'TCP ports of egress_cidrs, such as 587 besides 443 where Grafana sends mail.',
      type: 'list(number)',
      default: [443],
      validation: [
        {
          condition: hcl`contains(var.egress_ports, 443) && alltrue([for port in var.egress_ports : port == floor(port) && port >= 1 && port <= 65535])`,
          errorMessage: 'egress_ports must be whole numbers from 1 to 65535, 443 among them.',
        },
      ],
    }),

    tls: module.variable('tls', {
      description:
        'Certificate of the host, for Loki at port 3100 and Grafana at 443: certificate_secret_arn is the ARN of a Secrets Manager secret, JSON with certificate (the chain) and key in PEM, encrypted with the key of AWS or kms_key_arn; server_name is the name in it, which must lead to the output private_ip. Null: Loki is reached by http, and Grafana through Session Manager alone.',
      type: 'object({ certificate_secret_arn = string, server_name = string })',
      default: null,
      validation: [
        {
          condition: hcl`var.tls == null || try(strcontains(var.tls.certificate_secret_arn, ":secretsmanager:") && ${isSecretArn('var.tls.certificate_secret_arn')}, false)`,
          errorMessage: 'tls.certificate_secret_arn must be the full ARN of a Secrets Manager secret.',
        },
        {
          condition: hcl`var.tls == null || ${matches(String.raw`^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+$`)('var.tls.server_name')}`,
          errorMessage: 'tls.server_name must be the name of a host, such as loki.example.com.',
        },
      ],
    }),

    grafanaSettings: module.variable('grafana_settings', {
      description:
        "Grafana's configuration as environment variables (GF_…), single sign-on for example. Secrets do not belong here: they would be in Terraform's state.",
      type: 'map(string)',
      default: {},
      validation: [
        none(
          hcl`[for key, value in var.grafana_settings : key if !(${matches('^GF_[A-Z0-9_]+$')('key')} && ${matches('^[^[:cntrl:]]*$')('value')})]`,
          'grafana_settings must have names as Grafana reads them (GF_SECTION_KEY) and values of one line',
        ),
        none(
          hcl`[for key in keys(var.grafana_settings) : key if contains(${OWN_SETTINGS}, trimsuffix(key, "__FILE"))]`,
          'grafana_settings must not set what the module sets itself',
        ),
      ],
    }),
  };
}

function cidrs(variable: string): Validation {
  return none(
    hcl`[for cidr in var.${variable} : cidr if !${isCidr('cidr')}]`,
    `${variable} must be CIDR blocks, such as 10.0.0.0/16, that begin with the first of their addresses`,
  );
}

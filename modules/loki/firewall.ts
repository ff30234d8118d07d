import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { type TerraformResource, Token } from 'cdktf';
import { expression, hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import { NAMED_TAGS as tags } from './tags.ts';

export const LOKI_PORT = 3100;
export const GRAFANA_PORT = 443;

/**
 * Who reaches the host, and whom it reaches: a rule for each port and peer. No port is open for people: they come through
 * Session Manager.
 *
 * @returns the rules by which the instance connects out, which its boot needs
 */
export function defineFirewall(module: ModuleStack): readonly TerraformResource[] {
  const group = (name: string, description: string) =>
    new SecurityGroup(module, `${name}.security_group`, {
      name: `\${var.name}-${name === 'loki' ? 'host' : 'host-shipper'}`,
      description,
      vpcId: '${local.vpc_id}',
      tags,
    });
  const host = group('loki', 'Loki and Grafana of loki-shipper.');
  const shipper = group('shipper', 'Members may push to the Loki of loki-shipper and query it.');

  const ingress = { securityGroupId: host.id, ipProtocol: 'tcp', fromPort: LOKI_PORT, toPort: LOKI_PORT, tags };
  new VpcSecurityGroupIngressRule(module, 'loki_from_shipper.rule', {
    ...ingress,
    description: 'Loki, from the shipper.',
    referencedSecurityGroupId: shipper.id,
  });
  forEach(
    new VpcSecurityGroupIngressRule(module, 'loki_from_security_groups.rule', {
      ...ingress,
      description: 'Loki, from shipper_security_group_ids.',
      referencedSecurityGroupId: '${each.value}',
    }),
    'toset(var.shipper_security_group_ids)',
  );
  forEach(
    new VpcSecurityGroupIngressRule(module, 'loki_from_cidrs.rule', {
      ...ingress,
      description: 'Loki, from push_cidrs.',
      ...cidr('each.value'),
    }),
    'toset(var.push_cidrs)',
  );
  forEach(
    new VpcSecurityGroupIngressRule(module, 'grafana_from_cidrs.rule', {
      ...ingress,
      fromPort: GRAFANA_PORT,
      toPort: GRAFANA_PORT,
      description: 'Grafana, from grafana_cidrs.',
      ...cidr('each.value'),
    }),
    'toset(var.grafana_cidrs)',
  );

  module.local('egress', EGRESS);
  new VpcSecurityGroupEgressRule(module, 'shipper_to_loki.rule', {
    securityGroupId: shipper.id,
    description: 'To Loki.',
    ipProtocol: 'tcp',
    fromPort: LOKI_PORT,
    toPort: LOKI_PORT,
    referencedSecurityGroupId: host.id,
    tags,
  });
  return (['loki', 'shipper'] as const).map((name) =>
    forEach(
      new VpcSecurityGroupEgressRule(module, `${name}.egress`, {
        securityGroupId: { loki: host, shipper }[name].id,
        description: 'To egress_cidrs.',
        ipProtocol: 'tcp',
        fromPort: Token.asNumber('${each.value.port}'),
        toPort: Token.asNumber('${each.value.port}'),
        ...cidr('each.value.cidr'),
        tags,
      }),
      'local.egress',
    ),
  );
}

/** A rule takes addresses of one family. */
const cidr = (value: string) => ({
  cidrIpv4: expression(hcl`strcontains(${value}, ":") ? null : ${value}`),
  cidrIpv6: expression(hcl`strcontains(${value}, ":") ? ${value} : null`),
});

const EGRESS = hcl`{ for pair in setproduct(toset(var.egress_cidrs), toset(var.egress_ports)) : "\${pair[0]}:\${pair[1]}" => { cidr = pair[0], port = tonumber(pair[1]) } }`;

function forEach<T extends TerraformResource>(resource: T, items: string): T {
  resource.addOverride('for_each', expression(items));
  return resource;
}

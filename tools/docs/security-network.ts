import type { BlocksJson } from '../../modules/module-json.ts';
import { code, table } from '../build-readme.ts';

type Rule = BlocksJson[string][string];

/** What the security groups of the host's module let through, and what has a public address, as Markdown. */
export function networkText(resource: BlocksJson): string {
  const { aws_vpc_security_group_ingress_rule: ingress = {}, aws_vpc_security_group_egress_rule: egress = {} } =
    resource;
  const rows = [
    ...Object.values(ingress).map((rule) => [groupOf(rule), 'in', ports(rule), peer(rule), when(rule)]),
    ...Object.values(egress).map((rule) => [groupOf(rule), 'out', ports(rule), peer(rule), when(rule)]),
  ].sort(([a = '', b = ''], [c = '', d = '']) => a.localeCompare(c) || b.localeCompare(d));
  return `${table(['Security group', 'Way', 'Ports', 'Peer', 'When'], rows)}
${table(['What', 'Public address'], publicAddresses(resource))}`;
}

const GROUPS: Readonly<Record<string, string>> = {
  loki: "the host's",
  shipper: "the shipper's, with `loki_host`",
};

function groupOf({ security_group_id }: Rule): string {
  return groupNamed(security_group_id);
}

function groupNamed(reference: unknown): string {
  const group = GROUPS[/aws_security_group\.(\w+)/.exec(String(reference))?.[1] ?? ''];
  if (!group) throw new Error(`${reference} needs a name in tools/docs/security-network.ts.`);
  return group;
}

function ports({ ip_protocol, from_port, to_port }: Rule): string {
  if (typeof from_port === 'string') return `${ip_protocol} of \`egress_ports\` (443)`;
  return `${ip_protocol} ${from_port === to_port ? from_port : `${from_port} to ${to_port}`}`;
}

function peer({ referenced_security_group_id: group, prefix_list_id, cidr_ipv4, for_each }: Rule): string {
  if (prefix_list_id) return 'S3 of the region';
  if (cidr_ipv4) return isEgress(for_each) ? 'addresses of `egress_cidrs` (all)' : `addresses of ${inputOf(for_each)}`;
  return group === '${each.value}' ? `members of ${inputOf(for_each)}` : `members of ${groupNamed(group)}`;
}

function when({ count, for_each }: Rule): string {
  if (count === '${contains(var.egress_cidrs, "0.0.0.0/0") ? 0 : 1}') return '`egress_cidrs` is not all addresses';
  if (count) throw new Error(`${count} is no condition that tools/docs/security-network.ts has words for.`);
  return for_each && !isEgress(for_each) ? `${inputOf(for_each)} has some (none by default)` : 'always';
}

function isEgress(items: unknown): boolean {
  return items === '${local.egress}';
}

function inputOf(items: unknown): string {
  const input = /^\$\{toset\(var\.(\w+)\)\}$/.exec(String(items))?.[1];
  if (!input) throw new Error(`${items} is no input: tools/docs/security-network.ts has to say what it is.`);
  return code(input);
}

function publicAddresses(resource: BlocksJson): string[][] {
  return [
    ...Object.entries(resource.aws_instance ?? {}).map(([name, { associate_public_ip_address }]) => [
      code(`aws_instance.${name}`),
      associate_public_ip_address === false ? 'none' : 'one',
    ]),
    ...Object.entries(resource.aws_subnet ?? {}).map(([name, { map_public_ip_on_launch }]) => [
      `${code(`aws_subnet.${name}`)}, with \`create_vpc\``,
      map_public_ip_on_launch === false ? 'given to nothing that is started in it' : 'given to what is started in it',
    ]),
    ...Object.entries(resource.aws_eip ?? {}).map(([name]) => [
      `${code(`aws_eip.${name}`)}, with \`create_vpc\``,
      'of the NAT gateway, which lets connections out and none in',
    ]),
  ];
}

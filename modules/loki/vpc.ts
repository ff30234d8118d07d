import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import type { TerraformResource } from 'cdktf';
import type { ModuleStack } from '../module-stack.ts';
import { NAMED_TAGS as tags } from './tags.ts';

const VPC = '${aws_vpc.loki[0].id}';

/**
 * The small VPC, with `create_vpc`: the host in a private subnet, a NAT gateway in a public one, and S3 by a gateway
 * endpoint, which costs nothing.
 *
 * @returns what the private subnet needs to reach the internet
 */
export function defineVpc(module: ModuleStack): readonly TerraformResource[] {
  const ifCreated = <T extends TerraformResource>(resource: T): T => {
    resource.addOverride('count', '${var.create_vpc ? 1 : 0}');
    return resource;
  };
  ifCreated(
    new Vpc(module, 'loki.vpc', {
      cidrBlock: '${var.vpc_cidr}',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags,
    }),
  );
  // Nobody is a member of it; without rules, nobody who becomes one by mistake is let through.
  ifCreated(new DefaultSecurityGroup(module, 'loki.default_security_group', { vpcId: VPC, tags }));
  const subnet = (name: 'private' | 'public', quarter: number) =>
    ifCreated(
      new Subnet(module, `${name}.subnet`, {
        vpcId: VPC,
        cidrBlock: `\${cidrsubnet(var.vpc_cidr, 2, ${quarter})}`,
        availabilityZone: '${local.zones_of_type[0]}',
        mapPublicIpOnLaunch: false,
        tags,
        // A zone that gets the type later must not move subnet and volume.
        lifecycle: { ignoreChanges: ['availability_zone'] },
      }),
    );
  subnet('private', 0);
  subnet('public', 1);

  const internet = ifCreated(new InternetGateway(module, 'loki.internet_gateway', { vpcId: VPC, tags }));
  ifCreated(new Eip(module, 'nat.address', { domain: 'vpc', tags, dependsOn: [internet] }));
  ifCreated(
    new NatGateway(module, 'loki.nat_gateway', {
      allocationId: '${aws_eip.nat[0].id}',
      subnetId: '${aws_subnet.public[0].id}',
      tags,
      dependsOn: [internet],
    }),
  );
  const routed = (name: 'private' | 'public', way: Readonly<Record<string, string>>): TerraformResource[] => {
    const routeTableId = `\${aws_route_table.${name}[0].id}`;
    ifCreated(new RouteTable(module, `${name}.route_table`, { vpcId: VPC, tags }));
    return [
      ifCreated(new Route(module, `${name}.route`, { routeTableId, destinationCidrBlock: '0.0.0.0/0', ...way })),
      ifCreated(
        new RouteTableAssociation(module, `${name}.association`, {
          routeTableId,
          subnetId: `\${aws_subnet.${name}[0].id}`,
        }),
      ),
    ];
  };
  return [
    ...routed('public', { gatewayId: '${aws_internet_gateway.loki[0].id}' }),
    ...routed('private', { natGatewayId: '${aws_nat_gateway.loki[0].id}' }),
    ifCreated(
      new VpcEndpoint(module, 's3.endpoint', {
        vpcId: VPC,
        serviceName: 'com.amazonaws.${local.region}.s3',
        vpcEndpointType: 'Gateway',
        routeTableIds: ['${aws_route_table.private[0].id}'],
        tags,
      }),
    ),
  ];
}

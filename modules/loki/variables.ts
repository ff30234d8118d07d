import { hcl } from '../hcl.ts';
import type { ModuleStack, Validation } from '../module-stack.ts';
import {
  alarmActionsValidations,
  isKeyArn,
  isSecretArn,
  matches,
  none,
  oneOf,
  tagValidations,
  wholeNumber,
} from '../rules.ts';
import { ALARMS } from './alarm-names.ts';
import { GRAFANA_IMAGE, LOKI_IMAGE } from './images.ts';
import { FITS_ON_VOLUME, isCidr, isMaintenanceWindow, isPinned, OPEN_WITHOUT_TLS, OWN_SETTINGS } from './rules.ts';

/** The inputs of the module: a small team sets the subnet, a size and a retention. */
export function defineVariables(module: ModuleStack) {
  return {
    ...placeVariables(module),
    ...sizeVariables(module),
    ...accessVariables(module),
    ...careVariables(module),
  };
}

export type Variables = ReturnType<typeof defineVariables>;

function placeVariables(module: ModuleStack) {
  return {
    name: module.variable('name', {
      description:
        'What the instance, its role, secrets, alarms and buckets are called, or begin with. One account and region holds as many hosts as it has names.',
      type: 'string',
      default: 'loki-shipper',
      validation: [
        {
          // The longest names that are made of it, those of buckets, have 33 more characters and at most 63.
          condition: hcl`${matches('^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$')('var.name')} && length(var.name) <= 30 && !can(regex("^(?:sthree|amzn-s3-demo)-", var.name))`,
          errorMessage:
            'name must be 1 to 30 lower-case letters, digits and single hyphens, start with a letter, end with none of the hyphens, and not begin with sthree- or amzn-s3-demo-, so that buckets can be named after it.',
        },
      ],
    }),

    subnetId: module.variable('subnet_id', {
      description:
        'Subnet of the instance: one from which it reaches the internet, by a NAT gateway for example, as it gets no public address. Null: with create_vpc.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.subnet_id == null || ${matches('^subnet-[0-9a-z]+$')('var.subnet_id')}`,
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

function sizeVariables(module: ModuleStack) {
  return {
    instanceType: module.variable('instance_type', {
      description:
        'Type of the instance: arm64, with 2 GiB of memory or more. What Loki may use is made of it; a change stops and starts the instance.',
      type: 'string',
      default: 't4g.medium',
      validation: [
        {
          condition: matches('^[a-z0-9-]+\\\\.[a-z0-9-]+$')('var.instance_type'),
          errorMessage: 'instance_type must be a type of EC2 instances, such as t4g.medium.',
        },
      ],
    }),

    volumeGb: module.variable('volume_gb', {
      description:
        'Size of the data volume in GB. A larger number grows it while Loki runs; AWS makes no volume smaller.',
      type: 'number',
      default: 50,
      validation: [wholeNumber('volume_gb', 10, 16384, 'GB'), FITS_ON_VOLUME],
    }),

    expectedGbPerDay: module.variable('expected_gb_per_day', {
      description:
        'GB of logs a day that are expected, as CloudWatch Logs counts them: an estimate, by which the plan sees whether the volume holds the retention.',
      type: 'number',
      default: 1,
      validation: [
        {
          condition: hcl`var.expected_gb_per_day > 0 && var.expected_gb_per_day <= 100`,
          errorMessage: 'expected_gb_per_day must be above 0 and at most 100: more needs a Loki of several machines.',
        },
      ],
    }),

    retentionDays: module.variable('retention_days', {
      description: 'Days that Loki keeps lines.',
      type: 'number',
      default: 30,
      validation: [wholeNumber('retention_days', 1, 3650, 'days')],
    }),

    storage: module.variable('storage', {
      description:
        'Where Loki keeps chunks and index: filesystem, which is the data volume, or s3, a bucket that is created.',
      type: 'string',
      default: 'filesystem',
      validation: [oneOf('storage', ['filesystem', 's3'])],
    }),

    lokiImage: module.variable('loki_image', {
      description: 'Image of Loki, with the digest that makes it one and the same for ever.',
      type: 'string',
      default: LOKI_IMAGE,
      validation: [isPinned('loki_image')],
    }),

    grafanaImage: module.variable('grafana_image', {
      description: 'Image of Grafana, with its digest.',
      type: 'string',
      default: GRAFANA_IMAGE,
      validation: [isPinned('grafana_image')],
    }),
  };
}

function accessVariables(module: ModuleStack) {
  return {
    shipperSecurityGroupIds: module.variable('shipper_security_group_ids', {
      description:
        'Security groups of the VPC, besides the one that the module creates for a shipper, whose members may push to Loki and query it. Their ids must be known at plan.',
      type: 'list(string)',
      default: [],
      validation: [
        none(
          hcl`[for id in var.shipper_security_group_ids : id if !${matches('^sg-[0-9a-z]+$')('id')}]`,
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
        'Where the instance and the shipper may connect to, as CIDR blocks: the APIs of AWS, the packages of Amazon Linux, the registry of the images.',
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
        'Certificate of the host, for Loki at port 3100 and Grafana at 443: certificate_secret_arn is the ARN of a Secrets Manager secret, JSON with certificate (the chain) and key in PEM; server_name is the name in it, which must lead to the output private_ip. Null: Loki is reached by http, and Grafana through Session Manager alone.',
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

function careVariables(module: ModuleStack) {
  return {
    snapshots: module.variable('snapshots', {
      description:
        'Snapshots of the data volume by Data Lifecycle Manager: each interval_hours (1, 2, 3, 4, 6, 8, 12 or 24), counted from time (UTC), of which the newest keep stay. Null: none.',
      type: 'object({ interval_hours = optional(number, 24), time = optional(string, "03:00"), keep = optional(number, 7) })',
      default: null,
      validation: [
        {
          condition: hcl`var.snapshots == null || try(contains([1, 2, 3, 4, 6, 8, 12, 24], var.snapshots.interval_hours), false)`,
          errorMessage:
            'snapshots.interval_hours must be 1, 2, 3, 4, 6, 8, 12 or 24, as Data Lifecycle Manager knows no others.',
        },
        {
          condition: hcl`var.snapshots == null || ${matches('^(?:[01][0-9]|2[0-3]):[0-5][0-9]$')('var.snapshots.time')}`,
          errorMessage: 'snapshots.time must be a time of the day in UTC, such as 03:00.',
        },
        {
          condition: hcl`var.snapshots == null || try(var.snapshots.keep == floor(var.snapshots.keep) && var.snapshots.keep >= 1 && var.snapshots.keep <= 1000, false)`,
          errorMessage: 'snapshots.keep must be a whole number from 1 to 1000 snapshots.',
        },
      ],
    }),

    snapshotId: module.variable('snapshot_id', {
      description:
        'Snapshot that the data volume is made of when it is created. A change does nothing to a volume that is there.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.snapshot_id == null || ${matches('^snap-[0-9a-z]+$')('var.snapshot_id')}`,
          errorMessage: 'snapshot_id must be the id of a snapshot (snap-…).',
        },
      ],
    }),

    finalSnapshot: module.variable('final_snapshot', {
      description:
        'Whether a snapshot of the data volume is taken before it is destroyed. It stays, and costs, until somebody deletes it.',
      type: 'bool',
      default: true,
    }),

    forceDestroy: module.variable('force_destroy', {
      description:
        'Whether destroying the module destroys a bucket that still holds the logs of Loki, and them with it.',
      type: 'bool',
      default: false,
    }),

    maintenanceWindow: module.variable('maintenance_window', {
      description:
        'When the host installs security updates and restarts if they ask for it: days, if not all, and a time in UTC, such as Sun 04:00, Mon..Fri 22:30 or 03:15.',
      type: 'string',
      default: 'Sun 04:00',
      validation: [
        {
          condition: isMaintenanceWindow('var.maintenance_window'),
          errorMessage:
            'maintenance_window must be days, if not all, and a time in UTC, such as Sun 04:00, Mon..Fri 22:30 or 03:15.',
        },
      ],
    }),

    kmsKeyArn: module.variable('kms_key_arn', {
      description:
        'ARN of the customer managed key for volumes, secrets and the bucket of the logs. Null: the keys of AWS. It stays what it is while there is a data volume.',
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.kms_key_arn == null || ${isKeyArn('var.kms_key_arn')}`,
          errorMessage: 'kms_key_arn must be the ARN of a key (arn:…:key/…).',
        },
      ],
    }),

    shipperName: module.variable('shipper_name', {
      description:
        "Name of the loki-shipper that ships to the host, for Grafana's dashboards of its functions. Null: not known.",
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`var.shipper_name == null || ${matches('^[a-z0-9-]+$')('var.shipper_name')}`,
          errorMessage: 'shipper_name must be the name of a loki-shipper: lower-case letters, digits and hyphens.',
        },
      ],
    }),

    alarms: module.variable('alarms', {
      description: 'Which CloudWatch alarms there are; docs/operations.md says for each what it means and what to do.',
      type: `object({ ${ALARMS.map((name) => `${name} = optional(bool, true)`).join(', ')} })`,
      default: {},
    }),

    alarmActions: module.variable('alarm_actions', {
      description: 'What hears of an alarm, and of its end: ARNs, for example of SNS topics.',
      type: 'list(string)',
      default: [],
      validation: alarmActionsValidations(),
    }),

    tags: module.variable('tags', {
      description: 'Tags for what the module creates.',
      type: 'map(string)',
      default: {},
      validation: tagValidations('tags'),
    }),
  };
}

function cidrs(variable: string): Validation {
  return none(
    hcl`[for cidr in var.${variable} : cidr if !${isCidr('cidr')}]`,
    `${variable} must be CIDR blocks, such as 10.0.0.0/16, that begin with the first of their addresses`,
  );
}

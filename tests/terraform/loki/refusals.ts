import { type Refusal, wrong } from '../refusals.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555';
const CERTIFICATE = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:certificate-a1B2c3';
const TLS = { certificate_secret_arn: CERTIFICATE, server_name: 'loki.example.com' };
const NOT_CIDRS = ['', '10.0.0.0', '10.0.0.0/33', '10.0.0.1/24', 'fd00::1/64'];
const VOLUME = (gb: number) =>
  new RegExp(`^volume_gb must be ${gb} at least, for retention_days × expected_gb_per_day, .*; or storage be s3\\.$`);
const SUBNET_OR_VPC = /^subnet_id must name a subnet, or create_vpc be true, and not both\.$/;
const WINDOW = /^maintenance_window must be days, if not all, and a time in UTC, such as Sun 04:00, .* or 03:15\.$/;

/** What the plan of the module loki refuses. */
export const REFUSALS: readonly Refusal[] = [
  ...['', 'Loki', 'loki-', 'a'.repeat(31), 'sthree-loki'].map((name) => ({
    what: `the name "${name}"`,
    given: { name },
    says: /^name must be 1 to 30 lower-case letters, digits and single hyphens, .* so that buckets can be named after it\.$/,
  })),

  {
    what: 'the ARN of a subnet',
    given: { subnet_id: 'arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1' },
    says: /^subnet_id must be the id of a subnet \(subnet-…\)\.$/,
  },
  { what: 'neither subnet nor VPC', given: { subnet_id: null }, says: SUBNET_OR_VPC },
  { what: 'both subnet and VPC', given: { subnet_id: 'subnet-1', create_vpc: true }, says: SUBNET_OR_VPC },
  ...['10.90.0.0', '10.90.0.0/27', '10.0.0.0/8', 'fd00::/64'].map((vpc_cidr) => ({
    what: `the VPC ${vpc_cidr}`,
    given: { vpc_cidr },
    says: /^vpc_cidr must be IPv4 addresses with a prefix of \/16 to \/26, such as 10\.90\.0\.0\/24\.$/,
  })),

  ...['', 't4g', 't4g.medium; reboot'].map((instance_type) => ({
    what: `the type "${instance_type}"`,
    given: { instance_type },
    says: /^instance_type must be a type of EC2 instances, such as t4g\.medium\.$/,
  })),
  ...[9, 50.5, 16385].map((volume_gb) => ({
    what: `a volume of ${volume_gb} GB`,
    given: { volume_gb, storage: 's3' },
    says: /^volume_gb must be a whole number from 10 to 16384 GB\.$/,
  })),
  { what: 'more a day than the volume holds', given: { volume_gb: 50, expected_gb_per_day: 5.4 }, says: VOLUME(51) },
  { what: 'more days than the volume holds', given: { volume_gb: 50, retention_days: 365 }, says: VOLUME(107) },
  ...[0, -1, 101].map((expected_gb_per_day) => ({
    what: `${expected_gb_per_day} GB a day`,
    given: { expected_gb_per_day, storage: 's3' },
    says: /^expected_gb_per_day must be above 0 and at most 100: more needs a Loki of several machines\.$/,
  })),
  ...[0, 1.5, 3651].map((retention_days) => ({
    what: `a retention of ${retention_days} days`,
    given: { retention_days, storage: 's3' },
    says: /^retention_days must be a whole number from 1 to 3650 days\.$/,
  })),
  {
    what: 'another storage',
    given: { storage: 'efs' },
    says: /^storage must be filesystem or s3\.$/,
  },
  ...['grafana/loki', 'grafana/loki:3.7.6', `grafana/loki@${DIGEST.slice(0, -1)}`].map((loki_image) => ({
    what: `the image ${loki_image}`.slice(0, 50),
    given: { loki_image },
    says: /^loki_image must be an image with its digest \(name:tag@sha256:…\), so that no restart brings another one\.$/,
  })),
  {
    what: 'the newest Grafana',
    given: { grafana_image: 'grafana/grafana:latest' },
    says: /^grafana_image must be an image with its digest \(name:tag@sha256:…\), so that no restart brings another one\.$/,
  },

  {
    what: 'the name of a security group',
    given: { shipper_security_group_ids: ['sg-1', 'default'] },
    says: /^shipper_security_group_ids must be ids of security groups \(sg-…\); wrong: "default"\.$/,
  },
  {
    what: 'a security group of a VPC that is not there yet',
    given: { shipper_security_group_ids: ['sg-1'], create_vpc: true, subnet_id: null },
    says: /^shipper_security_group_ids must be empty with create_vpc, .*: use the output shipper_security_group_id\.$/,
  },
  ...['push_cidrs', 'grafana_cidrs', 'egress_cidrs'].map((variable) => ({
    what: `${variable} that are none`,
    given: { [variable]: ['10.0.0.0/16', ...NOT_CIDRS], tls: TLS },
    says: new RegExp(
      `^${variable} must be CIDR blocks, such as 10\\.0\\.0\\.0/16, that begin with the first of their addresses; wrong: ${wrong(NOT_CIDRS)}\\.$`,
    ),
  })),
  ...['0.0.0.0/0', '::/0'].flatMap((everybody) => [
    {
      what: `pushes from ${everybody} without TLS`,
      given: { push_cidrs: [everybody] },
      says: /^push_cidrs must not be all addresses without tls, or passwords would be sent in clear\.$/,
    },
    {
      what: `Grafana for ${everybody} without TLS`,
      given: { grafana_cidrs: [everybody] },
      says: /^grafana_cidrs must be empty without tls, or passwords would be sent in clear\.$/,
    },
  ]),
  {
    what: 'no way out',
    given: { egress_cidrs: [] },
    says: /^egress_cidrs must hold one block at least: without one, the host gets neither its packages nor its images\.$/,
  },
  ...[[], [587], [443, 0], [443, 65536], [443, 1.5]].map((egress_ports) => ({
    what: `the ports ${JSON.stringify(egress_ports)}`,
    given: { egress_ports },
    says: /^egress_ports must be whole numbers from 1 to 65535, 443 among them\.$/,
  })),
  ...['hunter2', CERTIFICATE.replace(/-a1B2c3$/, ''), CERTIFICATE.replace('secretsmanager', 'acm')].map((arn) => ({
    what: `the certificate ${arn}`,
    given: { tls: { ...TLS, certificate_secret_arn: arn } },
    says: /^tls\.certificate_secret_arn must be the full ARN of a Secrets Manager secret\.$/,
  })),
  ...['', 'loki', 'https://loki.example.com', 'loki.example.com; return 200'].map((server_name) => ({
    what: `the server name "${server_name}"`,
    given: { tls: { ...TLS, server_name } },
    says: /^tls\.server_name must be the name of a host, such as loki\.example\.com\.$/,
  })),
  {
    what: 'settings that Grafana does not read',
    given: { grafana_settings: { GF_LOG_LEVEL: 'warn', gf_log_mode: 'console', LD_PRELOAD: 'x', GF_LINES: 'a\nb' } },
    says: new RegExp(
      `^grafana_settings must have names as Grafana reads them \\(GF_SECTION_KEY\\) and values of one line; wrong: ${wrong(['GF_LINES', 'LD_PRELOAD', 'gf_log_mode'])}\\.$`,
    ),
  },
  {
    what: 'settings of Grafana that the module sets itself',
    given: { grafana_settings: { GF_SECURITY_ADMIN_PASSWORD: 'hunter2', GF_SECURITY_SECRET_KEY__FILE: '/key' } },
    says: new RegExp(
      `^grafana_settings must not set what the module sets itself; wrong: ${wrong(['GF_SECURITY_ADMIN_PASSWORD', 'GF_SECURITY_SECRET_KEY__FILE'])}\\.$`,
    ),
  },

  {
    what: 'snapshots every five hours',
    given: { snapshots: { interval_hours: 5 } },
    says: /^snapshots\.interval_hours must be 1, 2, 3, 4, 6, 8, 12 or 24, as Data Lifecycle Manager knows no others\.$/,
  },
  ...['3:00', '24:00', '03:00Z'].map((time) => ({
    what: `snapshots at ${time}`,
    given: { snapshots: { time } },
    says: /^snapshots\.time must be a time of the day in UTC, such as 03:00\.$/,
  })),
  ...[0, 1001, 1.5].map((keep) => ({
    what: `${keep} snapshots`,
    given: { snapshots: { keep } },
    says: /^snapshots\.keep must be a whole number from 1 to 1000 snapshots\.$/,
  })),
  {
    what: 'the id of a volume as a snapshot',
    given: { snapshot_id: 'vol-1' },
    says: /^snapshot_id must be the id of a snapshot \(snap-…\)\.$/,
  },
  ...['', 'Sunday 04:00', 'Sun 4:00', 'Sun 24:00', 'Sun', 'daily', 'Sun 04:00\nExecStart=/bin/sh'].map((window) => ({
    what: `the maintenance window ${JSON.stringify(window)}`,
    given: { maintenance_window: window },
    says: WINDOW,
  })),
  {
    what: 'the alias of a key',
    given: { kms_key_arn: 'arn:aws:kms:eu-central-1:123456789012:alias/logs' },
    says: /^kms_key_arn must be the ARN of a key \(arn:…:key\/…\)\.$/,
  },
  {
    what: 'the ARN of a shipper',
    given: { shipper_name: 'arn:aws:lambda:eu-central-1:123456789012:function:loki-shipper-shipper' },
    says: /^shipper_name must be the name of a loki-shipper: lower-case letters, digits and hyphens\.$/,
  },
  {
    what: 'alarm actions that are no ARNs',
    given: { alarm_actions: ['oncall@example.com'] },
    says: /^alarm_actions must be ARNs; wrong: "oncall@example\.com"\.$/,
  },
  {
    what: 'more alarm actions than CloudWatch takes',
    given: { alarm_actions: Array.from({ length: 6 }, (_, i) => `arn:aws:sns:eu-central-1:123456789012:topic-${i}`) },
    says: /^alarm_actions must have at most 5 ARNs, as CloudWatch takes no more\.$/,
  },
  {
    what: 'what is no tag',
    given: { tags: { 'a,b': 'a comma', owner: 'platform' } },
    says: /^tags must hold tags that AWS takes \(.*\); wrong: "a,b"\.$/,
  },
  {
    what: 'more tags than there is room for besides its own',
    given: { tags: Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`tag${i}`, 'x'])) },
    says: /^tags must hold at most 48 tags\.$/,
  },
];

/** What it takes. */
export const ACCEPTED: readonly Omit<Refusal, 'says'>[] = [
  {
    what: 'all that can be said, at its borders',
    given: {
      name: 'a'.repeat(30),
      instance_type: 'm7gd.16xlarge',
      volume_gb: 33,
      retention_days: 30,
      expected_gb_per_day: 3.2,
      loki_image: `registry.example.com:5000/grafana/loki@${DIGEST}`,
      shipper_security_group_ids: ['sg-1', 'sg-2'],
      push_cidrs: ['0.0.0.0/0', '::/0', '10.0.0.1/32', 'fd00::/8'],
      grafana_cidrs: ['0.0.0.0/0'],
      egress_ports: [443, 587],
      tls: TLS,
      grafana_settings: { GF_AUTH_GENERIC_OAUTH_ENABLED: 'true', GF_SMTP_FROM_NAME: 'Grafana: "logs", $5' },
      snapshots: {},
      snapshot_id: 'snap-0a1b',
      final_snapshot: false,
      force_destroy: true,
      maintenance_window: 'Mon..Fri,Sun 23:59',
      kms_key_arn: KEY,
      shipper_name: 'loki-shipper',
      alarms: { cpu_credits: false },
      alarm_actions: ['arn:aws:sns:eu-central-1:123456789012:oncall'],
      tags: Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`tag${i}`, 'x'])),
    },
  },
  { what: 'a VPC of its own', given: { subnet_id: null, create_vpc: true, vpc_cidr: '192.168.1.0/26' } },
  {
    what: 'chunks in S3, on a volume that would not hold them',
    given: { storage: 's3', volume_gb: 10, retention_days: 3650, expected_gb_per_day: 100 },
  },
  { what: 'a maintenance window on every day', given: { maintenance_window: '03:15' } },
];

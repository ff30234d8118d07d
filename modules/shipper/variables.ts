import { hcl } from '../hcl.ts';
import type { ModuleStack } from '../module-stack.ts';
import {
  alarmActionsValidations,
  filterPattern,
  isKeyArn,
  isLogGroupName,
  isLogGroupPattern,
  isLogGroupPrefix,
  isSecretArn,
  isSecurityGroupId,
  isSubnetId,
  isTagKey,
  isTagValue,
  MAX_TAGS,
  matches,
  namesBuckets,
  none,
  oneOf,
  retentionDays,
  TAG_RULE,
  tagValidations,
  wholeNumber,
} from '../rules.ts';
import { ALARMS } from './alarm-names.ts';
import { LABELS_DESCRIPTION, LABELS_TYPE, labelValidations } from './label-rules.ts';
import { LOKI_HOST } from './loki-host.ts';
import { isExcluded, OWN_LOG_GROUPS } from './names.ts';

/** The inputs of the module. Each is refused at plan when AWS, Loki or the functions would refuse it later. */
export function defineVariables(module: ModuleStack) {
  return {
    name: module.variable('name', {
      description:
        'What the functions, roles, bucket and subscription filters are called, or begin with. One account and region holds as many installations as it has names.',
      type: 'string',
      default: 'loki-shipper',
      // The longest name that is made of it, the bucket's, has 28 more characters and at most 63.
      validation: [namesBuckets(35, 'a bucket')],
    }),

    lokiUrl: module.variable('loki_url', {
      description:
        "Where Loki is: http or https, a host, and if needed a port and a path in front of Loki's own, such as https://loki.example.com. The shipper appends /loki/api/v1/push. Null: with loki_host.",
      type: 'string',
      default: null,
      validation: [
        {
          condition: hcl`(var.loki_url == null) != (var.loki_host == null)`,
          errorMessage: 'loki_url must name a Loki, or loki_host ask for one, and not both.',
        },
        {
          condition: hcl`var.loki_url == null || ${matches(String.raw`^https?://(?:[^/?#@]*@)?(?:[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?(?:/[a-zA-Z0-9._~!$&'()*+,;=:@%/-]*)?$`)('var.loki_url')} && try(tonumber(regex(":([0-9]+)(?:/|$)", var.loki_url)[0]) <= 65535, true)`,
          errorMessage:
            'loki_url must be an http or https URL of a host and, if needed, a port and a path, without query or fragment, such as https://loki.example.com.',
        },
        {
          condition: hcl`!can(regex("^[a-z]+://[^/?#]*@", var.loki_url))`,
          errorMessage: 'loki_url must not hold credentials: name the secret that holds them in loki_auth.',
        },
        {
          condition: hcl`!can(regex("/loki/api/v1/push/*$", var.loki_url))`,
          errorMessage: 'loki_url must end before /loki/api/v1/push, which the shipper appends.',
        },
      ],
    }),

    lokiHost: module.variable('loki_host', LOKI_HOST),

    lokiAuth: module.variable('loki_auth', {
      description:
        'Credentials for Loki, each by the full ARN of a Secrets Manager secret or an SSM parameter that holds it: basic_auth_arn (`username:password`, or JSON with the keys username and password), bearer_token_arn, tenant_arn (sent as X-Scope-OrgID). kms_key_arn is the customer managed key that they are encrypted with, if any.',
      type: 'object({ basic_auth_arn = optional(string), bearer_token_arn = optional(string), tenant_arn = optional(string), kms_key_arn = optional(string) })',
      default: {},
      validation: [
        none(
          hcl`[for name in ["basic_auth_arn", "bearer_token_arn", "tenant_arn"] : name if var.loki_auth[name] != null && !(${isSecretArn('var.loki_auth[name]')})]`,
          'loki_auth must name its secrets by the full ARN of a Secrets Manager secret or an SSM parameter',
        ),
        {
          condition: hcl`var.loki_auth.basic_auth_arn == null || var.loki_auth.bearer_token_arn == null`,
          errorMessage: 'loki_auth must have basic_auth_arn or bearer_token_arn, not both.',
        },
        {
          condition: hcl`var.loki_auth.kms_key_arn == null || ${isKeyArn('var.loki_auth.kms_key_arn')}`,
          errorMessage: 'loki_auth.kms_key_arn must be the ARN of a key (arn:…:key/…), not of an alias.',
        },
        {
          condition: hcl`var.loki_auth.kms_key_arn == null || var.loki_auth.basic_auth_arn != null || var.loki_auth.bearer_token_arn != null || var.loki_auth.tenant_arn != null`,
          errorMessage: 'loki_auth.kms_key_arn must come with the ARN of a secret that is encrypted with that key.',
        },
      ],
    }),

    logGroups: module.variable('log_groups', {
      description:
        'Log groups to ship, by exact name. tags are written to the group (and removed with the input); filter_pattern takes the place of the filter_pattern for all.',
      type: 'map(object({ tags = optional(map(string), {}), filter_pattern = optional(string) }))',
      default: {},
      validation: [
        none(
          hcl`[for name in keys(var.log_groups) : name if !(${isLogGroupName('name')})]`,
          'log_groups must have names of log groups as keys: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #, not starting with aws/',
        ),
        none(
          hcl`[for name, group in var.log_groups : name if group == null]`,
          'log_groups must have an object for each group, {} if there is nothing to say',
        ),
        none(
          hcl`[for name in keys(var.log_groups) : name if contains(${OWN_LOG_GROUPS}, name)]`,
          "log_groups must not name the module's own log groups, which would ship themselves without end",
        ),
        none(
          hcl`flatten([for name, group in var.log_groups : [for key, value in try(group.tags, {}) : "\${name}: \${key}" if !(${isTagKey('key')} && ${isTagValue('value')})]])`,
          `log_groups must have tags that CloudWatch Logs takes (${TAG_RULE})`,
        ),
        none(
          hcl`[for name, group in var.log_groups : name if length(merge(var.log_group_tags, try(group.tags, {}))) > ${MAX_TAGS}]`,
          `log_groups must leave each group with at most ${MAX_TAGS} tags, those of log_group_tags included`,
        ),
        none(
          hcl`[for name, group in var.log_groups : name if try(length(group.filter_pattern) > 1024, false)]`,
          'log_groups must have filter patterns of at most 1024 characters',
        ),
      ],
    }),

    logGroupPrefixes: module.variable('log_group_prefixes', {
      description:
        'Ships every log group whose name starts with one of these. They are looked up at plan; a group that is born later joins by follow_log_groups, or with the next apply.',
      type: 'list(string)',
      default: [],
      validation: [
        none(
          hcl`[for prefix in var.log_group_prefixes : prefix if !(${isLogGroupPrefix('prefix')})]`,
          'log_group_prefixes must hold starts of log group names: 1 to 512 of the characters a-z A-Z 0-9 _ - / . #',
        ),
      ],
    }),

    excludedLogGroups: module.variable('excluded_log_groups', {
      description:
        'Log groups that are not shipped although a prefix finds them; `*` stands for any characters. The log groups of the module itself never are; those of another installation have to be excluded here, because two that ship the logs of each other never come to an end.',
      type: 'list(string)',
      default: [],
      validation: [
        none(
          hcl`[for pattern in var.excluded_log_groups : pattern if !(${isLogGroupPattern('pattern')})]`,
          'excluded_log_groups must hold names of log groups: 1 to 512 of the characters a-z A-Z 0-9 _ - / . # and * for any of them',
        ),
        none(
          hcl`[for name in keys(var.log_groups) : name if ${isExcluded('name')}]`,
          'excluded_log_groups must not exclude a group that log_groups lists',
        ),
      ],
    }),

    followLogGroups: module.variable('follow_log_groups', {
      description:
        'Whether the registrar ships groups that are born later under a prefix, with its next run; the next apply then takes them over as they are.',
      type: 'bool',
      default: true,
    }),

    followOnCreation: module.variable('follow_on_creation', {
      description:
        'Whether a group that is born later is shipped at once instead of with the next run of the registrar: for accounts in which a trail of CloudTrail logs management events, which tells EventBridge of it.',
      type: 'bool',
      default: false,
      validation: [
        {
          condition: hcl`var.follow_log_groups || !var.follow_on_creation`,
          errorMessage: 'follow_on_creation must be false where follow_log_groups is.',
        },
      ],
    }),

    registrarIntervalMinutes: module.variable('registrar_interval_minutes', {
      description:
        'Minutes between two runs of the registrar, which finds new log groups and changed tags, and repairs what is not as it is wanted.',
      type: 'number',
      default: 5,
      validation: [wholeNumber('registrar_interval_minutes', 1, 60, 'minutes')],
    }),

    subscriptionsManagedBy: module.variable('subscriptions_managed_by', {
      description:
        'Who subscribes log groups: terraform, so that a plan shows each of them, or registrar, for accounts with very many: then a plan takes the same few calls to AWS however many there are, and the registrar finds and subscribes them.',
      type: 'string',
      default: 'terraform',
      validation: [oneOf('subscriptions_managed_by', ['terraform', 'registrar'])],
    }),

    maxLogGroups: module.variable('max_log_groups', {
      description:
        'Guard against a prefix that finds far more than was meant: more log groups than this are refused, by the plan or by the registrar, and nothing is changed.',
      type: 'number',
      default: 1000,
      validation: [wholeNumber('max_log_groups', 1, 100000, 'log groups')],
    }),

    logGroupTags: module.variable('log_group_tags', {
      description: "Tags for every shipped log group, listed or found by prefix. A group's own tags win.",
      type: 'map(string)',
      default: {},
      validation: tagValidations('log_group_tags'),
    }),

    labels: module.variable('labels', {
      description: LABELS_DESCRIPTION,
      type: LABELS_TYPE,
      default: {},
      validation: labelValidations(),
    }),

    filterPattern: module.variable('filter_pattern', {
      description:
        'Ships only the events that match this CloudWatch Logs filter pattern. The empty pattern matches all of them.',
      type: 'string',
      default: '',
      validation: [filterPattern('filter_pattern')],
    }),

    vpc: module.variable('vpc', {
      description:
        'Subnets and security groups of the shipper, for a Loki that is reached inside a VPC only. From there it must also reach S3, through a gateway endpoint (which costs nothing) or NAT, and CloudWatch Logs and the service that holds the secrets, through an interface endpoint or NAT.',
      type: 'object({ subnet_ids = optional(list(string), []), security_group_ids = optional(list(string), []) })',
      default: {},
      validation: [
        {
          condition: hcl`(length(var.vpc.subnet_ids) == 0) == (length(var.vpc.security_group_ids) == 0)`,
          errorMessage: 'vpc must have both subnet_ids and security_group_ids, or neither.',
        },
        none(
          hcl`concat([for id in var.vpc.subnet_ids : id if !${isSubnetId('id')}], [for id in var.vpc.security_group_ids : id if !${isSecurityGroupId('id')}])`,
          'vpc must have ids of subnets (subnet-…) and of security groups (sg-…)',
        ),
      ],
    }),

    memorySize: module.variable('memory_size', {
      description: 'Memory of the shipper in MB. CPU grows with it.',
      type: 'number',
      default: 256,
      validation: [wholeNumber('memory_size', 128, 10240, 'MB')],
    }),

    timeout: module.variable('timeout', {
      description: 'Seconds that one delivery may take, retries of the push included.',
      type: 'number',
      default: 60,
      validation: [wholeNumber('timeout', 10, 900, 'seconds')],
    }),

    parallelPushes: module.variable('parallel_pushes', {
      description: 'Pushes of one delivery that may be under way at the same time. Most deliveries are a single push.',
      type: 'number',
      default: 2,
      validation: [wholeNumber('parallel_pushes', 1, 16, 'pushes')],
    }),

    lines: module.variable('lines', {
      description:
        'What is done with lines that Loki would refuse. max_bytes is the longest line (Loki: max_line_size); too_long lines are split or cut, with a marker. max_age_hours and max_ahead_minutes say how far from now a line may be (Loki: reject_old_samples_max_age, creation_grace_period), 0 for no limit; lines that are out_of_range are parked in the bucket ("park"), or stored at the nearest time that is in it, with the time that they had as original_time ("clamp").',
      type: 'object({ max_bytes = optional(number, 262144), too_long = optional(string, "split"), max_age_hours = optional(number, 168), max_ahead_minutes = optional(number, 10), out_of_range = optional(string, "park") })',
      default: {},
      validation: [
        wholeNumber('lines.max_bytes', 1024, 1048576, 'bytes'),
        wholeNumber('lines.max_age_hours', 0, 87600, 'hours (0 for no limit)'),
        wholeNumber('lines.max_ahead_minutes', 0, 525600, 'minutes (0 for no limit)'),
        oneOf('lines.too_long', ['split', 'cut']),
        oneOf('lines.out_of_range', ['park', 'clamp']),
      ],
    }),

    runtime: module.variable('runtime', {
      description: 'Lambda runtime of the functions: Node.js 22 or newer, as far as the AWS provider knows it.',
      type: 'string',
      default: 'nodejs22.x',
      validation: [
        {
          condition: matches(String.raw`^nodejs(?:2[2-9]|[3-9][0-9])\\.x$`)('var.runtime'),
          errorMessage: 'runtime must be a Node.js runtime from nodejs22.x on, such as nodejs24.x.',
        },
      ],
    }),

    architecture: module.variable('architecture', {
      description: 'Processor of the functions: arm64 or x86_64.',
      type: 'string',
      default: 'arm64',
      validation: [oneOf('architecture', ['arm64', 'x86_64'])],
    }),

    reservedConcurrentExecutions: module.variable('reserved_concurrent_executions', {
      description:
        "Limit of the shippers that run at the same time, taken from the account's concurrency. -1 sets none; 0 stops shipping, and every delivery goes to the bucket.",
      type: 'number',
      default: -1,
      validation: [wholeNumber('reserved_concurrent_executions', -1, 100000, '(-1 for no limit)')],
    }),

    logRetentionDays: module.variable('log_retention_days', {
      description: "Days that the functions' own logs are kept; 0 keeps them for ever.",
      type: 'number',
      default: 30,
      validation: [retentionDays('log_retention_days')],
    }),

    failedDeliveryRetentionDays: module.variable('failed_delivery_retention_days', {
      description: 'Days that the bucket keeps what Loki did not take: parked lines and failed deliveries.',
      type: 'number',
      default: 90,
      validation: [wholeNumber('failed_delivery_retention_days', 1, 3650, 'days')],
    }),

    alarms: module.variable('alarms', {
      description:
        'Which CloudWatch alarms there are; docs/operations.md says for each what it means and what to do. lag_minutes is how late the newest line of a delivery may be.',
      type: `object({ ${ALARMS.map((name) => `${name} = optional(bool, true)`).join(', ')}, lag_minutes = optional(number, 15) })`,
      default: {},
      validation: [wholeNumber('alarms.lag_minutes', 1, 1440, 'minutes')],
    }),

    alarmActions: module.variable('alarm_actions', {
      description: 'What hears of an alarm, and of its end: ARNs, for example of SNS topics.',
      type: 'list(string)',
      default: [],
      validation: alarmActionsValidations(),
    }),

    forceDestroy: module.variable('force_destroy', {
      description:
        'Whether destroying the module destroys a bucket that still keeps parked lines or failed deliveries, and them with it.',
      type: 'bool',
      default: false,
    }),

    tags: module.variable('tags', {
      description: 'Tags for what the module creates: functions, roles, their log groups, bucket, alarms.',
      type: 'map(string)',
      default: {},
      validation: tagValidations('tags'),
    }),
  };
}

export type Variables = ReturnType<typeof defineVariables>;

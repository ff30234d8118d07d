import { FOUND as LOKI_FOUND } from './loki/found.ts';

/** An input that the plan refuses, and the sentence in which it says so. */
export interface Refusal {
  readonly what: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly says: RegExp;
}

/** The same, of what is in the account: attributes of look-ups by their type. */
export interface FoundRefusal extends Refusal {
  readonly found: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const GROUP = '/aws/lambda/fun-checkout';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki-a1B2c3';
const PARAMETER = 'arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555';

const NAME = /^name must be 1 to 35 lower-case letters, digits and single hyphens, .* bucket can be named after it\.$/;
const URL = /^loki_url must be an http or https URL of a host .* such as https:\/\/loki\.example\.com\.$/;
const ONE_LOKI = /^loki_url must name a Loki, or loki_host ask for one, and not both\.$/;
const HOST_ALONE = /^loki_host must come without vpc and loki_auth: the shipper joins the subnet of the host, .*\.$/;
const HOST = { subnet_id: 'subnet-1' };
const NO_PUSH_PATH = /^loki_url must end before \/loki\/api\/v1\/push, which the shipper appends\.$/;

const TAG_RULE = 'keys of 1 to 128 and values of up to 255 letters, digits, spaces and .*, no key starting with aws:';
const BAD_TAGS: Readonly<Record<string, string | null>> = {
  '': 'empty key',
  'AWS:owner': 'a key that is reserved, in capitals',
  'a,b': 'a key with a comma',
  'aws:owner': 'a key that is reserved',
  broken: 'a line\nbreak',
  ['k'.repeat(129)]: 'a long key',
  long: 'v'.repeat(256),
  none: null,
};

const BAD_TEMPLATES = ['', '{}', '{a', 'a}', '{a{b}}', '{|a}', '{a||b}', '{ a}', '{a*}', 'a\nb', 'x'.repeat(256)];

export const REFUSALS: readonly Refusal[] = [
  ...['', 'Loki', '1loki', 'loki_shipper', 'loki-', 'loki--shipper', 'a'.repeat(36)].map((name) => ({
    what: `the name "${name}"`,
    given: { name },
    says: NAME,
  })),
  { what: 'a name that no bucket may start with', given: { name: 'sthree-loki' }, says: NAME },
  { what: "a name that AWS's demonstrations reserve", given: { name: 'amzn-s3-demo-loki' }, says: NAME },

  ...[
    '',
    'loki.example.com',
    'ftp://loki.example.com',
    'https://',
    'https://loki example.com',
    'https://loki.example.com:65536',
    'https://loki.example.com:http',
    'https://loki.example.com?tenant=a',
    'https://loki.example.com/#top',
    ' https://loki.example.com',
  ].map((loki_url) => ({ what: `the URL ${JSON.stringify(loki_url)}`, given: { loki_url }, says: URL })),
  {
    what: 'neither a URL nor a host',
    given: { loki_url: null },
    says: ONE_LOKI,
  },
  {
    what: 'a host for a shipper in a VPC of its own',
    given: { loki_url: null, loki_host: HOST, vpc: { subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] } },
    says: HOST_ALONE,
  },
  {
    what: 'a host for a shipper with credentials of its own',
    given: { loki_url: null, loki_host: HOST, loki_auth: { tenant_arn: PARAMETER } },
    says: HOST_ALONE,
  },
  {
    what: 'a URL with credentials',
    given: { loki_url: 'https://user:word@loki.example.com' },
    says: /^loki_url must not hold credentials: name the secret that holds them in loki_auth\.$/,
  },
  {
    what: "the URL of Loki's push",
    given: { loki_url: 'https://loki.example.com/loki/api/v1/push' },
    says: NO_PUSH_PATH,
  },
  {
    what: "the URL of Loki's push with a slash behind it",
    given: { loki_url: 'https://loki.example.com/base/loki/api/v1/push/' },
    says: NO_PUSH_PATH,
  },

  ...[
    'hunter2',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki',
    'arn:aws:s3:::loki',
    'arn:aws:ssm:eu-central-1:123456789012:document/loki',
  ].map((basic_auth_arn) => ({
    what: `the secret ${basic_auth_arn}`,
    given: { loki_auth: { basic_auth_arn } },
    says: /^loki_auth must name its secrets by the full ARN of a Secrets Manager secret or an SSM parameter; wrong: "basic_auth_arn"\.$/,
  })),
  {
    what: 'basic authentication and a bearer token at once',
    given: { loki_auth: { basic_auth_arn: SECRET, bearer_token_arn: PARAMETER } },
    says: /^loki_auth must have basic_auth_arn or bearer_token_arn, not both\.$/,
  },
  {
    what: 'the alias of a key',
    given: { loki_auth: { tenant_arn: PARAMETER, kms_key_arn: 'arn:aws:kms:eu-central-1:123456789012:alias/loki' } },
    says: /^loki_auth\.kms_key_arn must be the ARN of a key \(arn:…:key\/…\), not of an alias\.$/,
  },
  {
    what: 'a key without a secret',
    given: { loki_auth: { kms_key_arn: KEY } },
    says: /^loki_auth\.kms_key_arn must come with the ARN of a secret that is encrypted with that key\.$/,
  },

  {
    what: 'what is no name of a log group',
    given: {
      log_groups: Object.fromEntries(
        ['', '/aws/lambda/*', 'aws/lambda/fun', 'fun checkout', 'fun:checkout', 'x'.repeat(513), GROUP].map((name) => [
          name,
          {},
        ]),
      ),
    },
    says: /^log_groups must have names of log groups as keys: 1 to 512 of the characters a-z A-Z 0-9 _ - \/ \. #, not starting with aws\/; wrong: "", "\/aws\/lambda\/\*", "aws\/lambda\/fun", "fun checkout", "fun:checkout", "x{513}"\.$/,
  },
  {
    what: 'null in place of what there is to say of a log group',
    given: { log_groups: { [GROUP]: null } },
    says: /^log_groups must have an object for each group, \{\} if there is nothing to say; wrong: "\/aws\/lambda\/fun-checkout"\.$/,
  },
  {
    what: "the module's own log groups",
    given: { log_groups: { '/aws/lambda/loki-shipper-registrar': {}, '/aws/lambda/loki-shipper-shipper': {} } },
    says: /^log_groups must not name the module's own log groups, .*; wrong: "\/aws\/lambda\/loki-shipper-registrar", "\/aws\/lambda\/loki-shipper-shipper"\.$/,
  },
  {
    what: 'what is no tag in the tags of a log group',
    given: { log_groups: { [GROUP]: { tags: BAD_TAGS }, other: { tags: { owner: 'checkout' } } } },
    says: new RegExp(
      `^log_groups must have tags that CloudWatch Logs takes \\(${TAG_RULE}\\); wrong: ${wrong(Object.keys(BAD_TAGS).map((key) => `${GROUP}: ${key}`))}\\.$`,
    ),
  },
  {
    what: 'more than 50 tags of a log group together with those for all',
    given: { log_groups: { [GROUP]: { tags: manyTags('own', 26) } }, log_group_tags: manyTags('all', 25) },
    says: /^log_groups must leave each group with at most 50 tags, those of log_group_tags included; wrong: "\/aws\/lambda\/fun-checkout"\.$/,
  },
  {
    what: 'a filter pattern of more than 1024 characters of a log group',
    given: { log_groups: { [GROUP]: { filter_pattern: 'x'.repeat(1025) } } },
    says: /^log_groups must have filter patterns of at most 1024 characters; wrong: "\/aws\/lambda\/fun-checkout"\.$/,
  },

  {
    what: 'what is no prefix',
    given: { log_group_prefixes: ['', '/app/', '/aws/lambda/*', 'fun checkout', null] },
    says: /^log_group_prefixes must hold starts of log group names: 1 to 512 of the characters a-z A-Z 0-9 _ - \/ \. #; wrong: "", "\/aws\/lambda\/\*", "fun checkout", null\.$/,
  },

  {
    what: 'what is no exclusion',
    given: { excluded_log_groups: ['', '/aws/lambda/[a-z]', '/aws/*', null] },
    says: /^excluded_log_groups must hold names of log groups: .* and \* for any of them; wrong: "", "\/aws\/lambda\/\[a-z\]", null\.$/,
  },
  ...[GROUP, '*-checkout'].map((pattern) => ({
    what: `a listed log group that "${pattern}" excludes`,
    given: { log_groups: { '/other': {}, [GROUP]: {} }, excluded_log_groups: ['/never', pattern] },
    says: /^excluded_log_groups must not exclude a group that log_groups lists; wrong: "\/aws\/lambda\/fun-checkout"\.$/,
  })),

  ...numbers(
    'registrar_interval_minutes',
    [0, 61, 1.5],
    /^registrar_interval_minutes must be a whole number from 1 to 60 minutes\.$/,
  ),
  ...numbers(
    'max_log_groups',
    [0, 100001, 1.5],
    /^max_log_groups must be a whole number from 1 to 100000 log groups\.$/,
  ),
  {
    what: 'subscriptions that are managed by somebody else',
    given: { subscriptions_managed_by: 'lambda' },
    says: /^subscriptions_managed_by must be terraform or registrar\.$/,
  },
  {
    what: 'to hear of new log groups without following them',
    given: { follow_on_creation: true, follow_log_groups: false },
    says: /^follow_on_creation must be false where follow_log_groups is\.$/,
  },

  ...['log_group_tags', 'tags'].flatMap((variable) => [
    {
      what: `what is no tag in ${variable}`,
      given: { [variable]: { ...BAD_TAGS, owner: 'checkout' } },
      says: new RegExp(
        `^${variable} must hold tags that AWS takes \\(${TAG_RULE}\\); wrong: ${wrong(Object.keys(BAD_TAGS))}\\.$`,
      ),
    },
    {
      what: `more than 50 tags in ${variable}`,
      given: { [variable]: manyTags('a', 51) },
      says: new RegExp(`^${variable} must hold at most 50 tags\\.$`),
    },
  ]),

  {
    what: 'more than 15 labels',
    given: { labels: { from_tags: Array.from({ length: 6 }, (_, i) => `tag${i}`), static: manyTags('static', 6) } },
    says: /^labels must have at most 11 names in from_tags and static together: Loki takes 15 labels, and 4 of them are built in\.$/,
  },
  {
    what: 'static labels of names that Loki refuses',
    given: {
      labels: {
        static: Object.fromEntries(
          ['', '1st', 'Straße', '_', '__meta', 'x'.repeat(129), 'team-name', 'env'].map((name) => [name, 'x']),
        ),
        by_prefix: { '/app/': { static: { 'a-b': 'x' } } },
      },
    },
    says: /^labels\.static must have names that Loki takes: .*, not starting with a digit or __; wrong: "", "1st", "Straße", "_", "__meta", "team-name", "x{129}", "\/app\/: a-b"\.$/,
  },
  {
    what: 'static labels of values that Loki refuses',
    given: {
      labels: {
        static: { break: 'a\nb', empty: '', env: 'prod', long: 'x'.repeat(256), none: null },
        by_prefix: { '/app/': { static: { stage: '\t' } } },
      },
    },
    says: /^labels\.static must have values of 1 to 255 printable characters; wrong: "break", "empty", "long", "none", "\/app\/: stage"\.$/,
  },
  {
    what: 'labels from what cannot be a tag',
    given: {
      labels: {
        from_tags: ['', 'a,b', 'x'.repeat(129), null, 'owner', 'app:*', 'a,*'],
        by_prefix: { '/app/': { from_tags: ['a{b}', null, '*'] } },
      },
    },
    says: /^labels\.from_tags must hold keys of tags: 1 to 128 letters, .*, and \* for any of them; wrong: "", "a,b", "x{129}", null, "a,\*", "\/app\/: a\{b\}", "\/app\/: null"\.$/,
  },
  {
    what: 'labels from tags that can name none',
    given: {
      labels: {
        from_tags: ['名前', '-', 'größe', '*'],
        rename: { '-': 'dash' },
        by_prefix: { '/app/': { from_tags: ['@'] }, '/ecs/': { rename: { 名前: 'name', '-': 'dash' } } },
      },
    },
    says: /^labels\.from_tags must hold keys with at least one of a-z A-Z 0-9 to name the label by, or have a name for them in rename; wrong: "名前", "\/app\/: @"\.$/,
  },
  {
    what: 'two labels of one name',
    given: {
      labels: {
        static: { env: 'x', region: 'x' },
        from_tags: ['log-group', 'env', 'team-name', 'team.name', 'owner', 'owner', '1st', '_1st', 'sut'],
      },
    },
    says: /^labels must have different names in static, in from_tags .*, in rename and in the built-in labels service_name, log_group, account_id, region; wrong: "log_group", "region", "env", "team_name", "owner", "_1st"\.$/,
  },
  {
    what: 'names of others for tags that are renamed',
    given: {
      labels: {
        static: { env: 'x' },
        from_tags: ['owner', 'sut', 'app:*'],
        rename: { Owner: 'owner', sut: 'env', A: 'a', B: 'a', zone: 'region', C: 'c' },
      },
    },
    says: /^labels must have different names .*; wrong: "region", "env", "owner", "a"\.$/,
  },
  {
    what: 'two labels of one name under a prefix',
    given: {
      labels: {
        static: { env: 'x' },
        from_tags: ['owner'],
        by_prefix: {
          '/all/': { from_tags: ['env'], static: {} },
          '/app/': { from_tags: ['env', 'sut'] },
          '/ecs/': { rename: { owner: 'env' } },
          '/eks/': { static: { owner: 'x' } },
        },
      },
    },
    says: /^labels must have different names .*; wrong: "\/app\/: env", "\/ecs\/: env", "\/eks\/: owner"\.$/,
  },
  {
    what: 'another name for what cannot be a tag',
    given: { labels: { rename: { 'app:*': 'app', owner: 'team' }, by_prefix: { '/app/': { rename: { '': 'x' } } } } },
    says: /^labels\.rename must have keys of tags: 1 to 128 letters, .*; wrong: "app:\*", "\/app\/: "\.$/,
  },
  {
    what: 'names for tags that Loki refuses, or that are taken by the log stream',
    given: {
      labels: {
        rename: { a: '', b: '1st', c: '__c', d: 'log_stream', e: null, f: 'Team' },
        by_prefix: { '/app/': { rename: { g: 'team-name' } } },
      },
    },
    says: /^labels\.rename must give names that Loki takes \(.*\), and not log_stream, which each line has; wrong: "a", "b", "c", "d", "e", "\/app\/: g"\.$/,
  },
  {
    what: 'templates of service_name that are none',
    given: {
      labels: {
        service_name: '',
        by_prefix: Object.fromEntries(
          [...BAD_TEMPLATES, '{owner}'].map((service_name, i) => [`/${i}/`, { service_name }]),
        ),
      },
    },
    says: new RegExp(
      `^labels\\.service_name must be a text of .*, such as \\{service\\|owner\\}-\\{log_group_name\\}; wrong: "", ${wrong(BAD_TEMPLATES.map((template, i) => `/${i}/: ${template}`))}\\.$`,
    ),
  },
  {
    what: 'tags to drop that are none',
    given: { labels: { drop_tags: ['', 'a,b', null, 'x:*'], by_prefix: { '/app/': { drop_tags: ['#'] } } } },
    says: /^labels\.drop_tags must hold keys of tags: 1 to 128 letters, .*, and \* for any of them; wrong: "", "a,b", null, "\/app\/: #"\.$/,
  },
  {
    what: 'another case for values',
    given: { labels: { values: { case: 'title' }, by_prefix: { '/app/': { values: { case: '' } }, '/ecs/': {} } } },
    says: /^labels\.values must have keep, lower or upper for case; wrong: "title", "\/app\/: "\.$/,
  },
  {
    what: 'policies for what is no prefix, and none for one that is',
    given: { labels: { by_prefix: { '': {}, '/app/*': {}, '/app/': {}, '/ecs/': null } } },
    says: /^labels\.by_prefix must have an object for each start of log group names: .* \/ \. #; wrong: "", "\/app\/\*", "\/ecs\/"\.$/,
  },
  {
    what: 'more than 15 labels under a prefix',
    given: {
      labels: {
        static: manyTags('static', 6),
        by_prefix: {
          '/app/': { from_tags: Object.keys(manyTags('tag', 6)) },
          '/ecs/': { from_tags: Object.keys(manyTags('tag', 5)).concat('*') },
        },
      },
    },
    says: /^labels\.by_prefix must leave log groups with at most 11 names in from_tags and static together; wrong: "\/app\/"\.$/,
  },
  ...[0, 1.5, 86401].map((refresh_seconds) => ({
    what: `tags that are refreshed after ${refresh_seconds} seconds`,
    given: { labels: { refresh_seconds } },
    says: /^labels\.refresh_seconds must be a whole number from 1 to 86400 seconds\.$/,
  })),

  ...[1023, 1048577, 2000.5].map((max_bytes) => ({
    what: `lines of at most ${max_bytes} bytes`,
    given: { lines: { max_bytes } },
    says: /^lines\.max_bytes must be a whole number from 1024 to 1048576 bytes\.$/,
  })),
  ...[-1, 0.5].flatMap((limit) => [
    {
      what: `lines of at most ${limit} hours`,
      given: { lines: { max_age_hours: limit } },
      says: /^lines\.max_age_hours must be a whole number from 0 to 87600 hours \(0 for no limit\)\.$/,
    },
    {
      what: `lines of at most ${limit} minutes ahead`,
      given: { lines: { max_ahead_minutes: limit } },
      says: /^lines\.max_ahead_minutes must be a whole number from 0 to 525600 minutes \(0 for no limit\)\.$/,
    },
  ]),
  {
    what: 'another way with lines that are too long',
    given: { lines: { too_long: 'drop' } },
    says: /^lines\.too_long must be split or cut\.$/,
  },
  {
    what: 'another way with lines that are out of range',
    given: { lines: { out_of_range: 'drop' } },
    says: /^lines\.out_of_range must be park or clamp\.$/,
  },
  ...numbers('parallel_pushes', [0, 17, 1.5], /^parallel_pushes must be a whole number from 1 to 16 pushes\.$/),
  ...[0, 1441].map((lag_minutes) => ({
    what: `an alarm for a lag of ${lag_minutes} minutes`,
    given: { alarms: { lag_minutes } },
    says: /^alarms\.lag_minutes must be a whole number from 1 to 1440 minutes\.$/,
  })),
  {
    what: 'alarm actions that are no ARNs',
    given: { alarm_actions: ['oncall@example.com', 'arn:aws:sns:eu-central-1:123456789012:oncall', null] },
    says: /^alarm_actions must be ARNs; wrong: "oncall@example\.com", null\.$/,
  },
  {
    what: 'more alarm actions than CloudWatch takes',
    given: { alarm_actions: Array.from('abcdef', (name) => `arn:aws:sns:eu-central-1:123456789012:${name}`) },
    says: /^alarm_actions must have at most 5 ARNs, as CloudWatch takes no more\.$/,
  },

  {
    what: 'a filter pattern of more than 1024 characters',
    given: { filter_pattern: 'x'.repeat(1025) },
    says: /^filter_pattern must have at most 1024 characters\.$/,
  },

  ...[{ subnet_ids: ['subnet-0a'] }, { security_group_ids: ['sg-0a'] }].map((vpc) => ({
    what: `${Object.keys(vpc)} alone`,
    given: { vpc },
    says: /^vpc must have both subnet_ids and security_group_ids, or neither\.$/,
  })),
  {
    what: 'subnets and security groups in the place of each other',
    given: { vpc: { subnet_ids: ['sg-0a'], security_group_ids: ['subnet-0a'] } },
    says: /^vpc must have ids of subnets \(subnet-…\) and of security groups \(sg-…\); wrong: "sg-0a", "subnet-0a"\.$/,
  },

  ...numbers('memory_size', [127, 10241, 512.5], /^memory_size must be a whole number from 128 to 10240 MB\.$/),
  ...numbers('timeout', [9, 901, 30.5], /^timeout must be a whole number from 10 to 900 seconds\.$/),
  ...numbers(
    'reserved_concurrent_executions',
    [-2, 0.5],
    /^reserved_concurrent_executions must be a whole number from -1 to 100000 \(-1 for no limit\)\.$/,
  ),
  ...numbers(
    'log_retention_days',
    [-1, 2, 30.5],
    /^log_retention_days must be one of the periods of CloudWatch Logs: 0, 1, 3, 5, .*, 3653\.$/,
  ),
  ...numbers(
    'failed_delivery_retention_days',
    [0, 1.5, 3651],
    /^failed_delivery_retention_days must be a whole number from 1 to 3650 days\.$/,
  ),
  ...['nodejs20.x', 'nodejs22', 'python3.12', ''].map((runtime) => ({
    what: `the runtime "${runtime}"`,
    given: { runtime },
    says: /^runtime must be a Node\.js runtime from nodejs22\.x on, such as nodejs24\.x\.$/,
  })),
  {
    what: 'an unknown architecture',
    given: { architecture: 'amd64' },
    says: /^architecture must be arm64 or x86_64\.$/,
  },
];

/** What the plan refuses of what the prefixes find. */
export const FOUND_REFUSALS: readonly FoundRefusal[] = [
  {
    what: 'a URL and a host at once',
    given: { loki_host: HOST },
    found: LOKI_FOUND,
    says: ONE_LOKI,
  },
  {
    what: 'more log groups than max_log_groups, with their number',
    given: { log_groups: { [GROUP]: {} }, log_group_prefixes: ['/app/'], max_log_groups: 3 },
    found: { aws_cloudwatch_log_groups: { log_group_names: ['/app/one', '/app/two', '/app/three'] } },
    says: /^log_groups and log_group_prefixes select 4 log groups, more than max_log_groups \(3\): choose longer prefixes, .*, or raise max_log_groups\.$/,
  },
  {
    what: 'a prefix that finds nothing, where nobody looks again',
    given: { log_group_prefixes: ['/app/', '/web/'], follow_log_groups: false },
    found: { aws_cloudwatch_log_groups: { log_group_names: [] } },
    says: /^log_group_prefixes find no log group in eu-central-1 with "\/app\/", "\/web\/"\. Correct it, or set follow_log_groups, .*\.$/,
  },
];

/** Inputs on the right side of the same borders: the plan takes them. */
export const ACCEPTED: readonly Omit<Refusal, 'says'>[] = [
  { what: 'the shortest name', given: { name: 'a' } },
  { what: 'the longest name', given: { name: `l0ki-${'a'.repeat(30)}` } },
  { what: 'a URL with a port, a path and slashes behind it', given: { loki_url: 'http://10.0.0.1:3100/loki-1//' } },
  { what: 'a URL of a host in IPv6', given: { loki_url: 'http://[fd00::1]:65535' } },
  { what: 'the name of a host with an underscore', given: { loki_url: 'http://loki_1' } },
  {
    what: 'a secret under a customer managed key',
    given: { loki_auth: { bearer_token_arn: SECRET, tenant_arn: PARAMETER, kms_key_arn: KEY } },
  },
  { what: 'no secrets', given: { loki_auth: { basic_auth_arn: null } } },
  {
    what: 'the longest name of a log group, the longest tag and filter pattern',
    given: {
      log_groups: {
        ['/a.b#c_d-'.padEnd(512, 'x')]: {
          tags: { ['k'.repeat(128)]: 'v'.repeat(255) },
          filter_pattern: 'x'.repeat(1024),
        },
        nothing: { tags: null, filter_pattern: null },
      },
    },
  },
  {
    what: 'every character that a tag may have, and an empty value',
    given: { log_group_tags: { 'Größe 名前 ٣_.:/=+-@': 'Größe 名前 ٣_.:/=+-@', empty: '' } },
  },
  { what: '50 tags', given: { tags: manyTags('a', 50), log_group_tags: manyTags('a', 50) } },
  {
    what: '15 labels, among them one from a tag of CloudFormation',
    given: {
      labels: {
        from_tags: ['aws:cloudformation:stack-name', '1st', 'Team Name', ...Object.keys(manyTags('t', 4))],
        static: { _a: '"quoted" \\ {x}', ...manyTags('s', 3) },
        refresh_seconds: 86400,
      },
    },
  },
  {
    what: 'labels that leave all to their defaults',
    given: {
      labels: {
        from_tags: null,
        static: null,
        rename: null,
        service_name: null,
        values: { trim: null, case: null },
        drop_tags: null,
        by_prefix: null,
      },
    },
  },
  {
    what: 'a label policy that sets all, and all anew for a prefix',
    given: {
      labels: {
        from_tags: ['Team-Name', '名前', 'app:*', '*'],
        rename: { 'Team-Name': 'team', 名前: 'name', 'app:version': 'version' },
        static: { env: 'prod' },
        service_name: '{service|Team Name|log_group_name}-{log_group} 100 % größer $',
        values: { trim: false, case: 'upper' },
        drop_tags: ['internal:*', 'secret'],
        by_prefix: {
          '/aws/lambda/': {
            from_tags: ['env'],
            rename: {},
            static: {},
            service_name: '{log_group_name}',
            values: { case: 'lower' },
            drop_tags: [],
          },
          '/ecs/': {},
        },
      },
    },
  },
  { what: 'tags that are refreshed at once', given: { labels: { refresh_seconds: 1 } } },
  {
    what: 'an exclusion that no listed group matches',
    given: { excluded_log_groups: ['/aws/lambda/fun-*', '*.noisy'] },
  },
  {
    what: 'the least of each number',
    given: {
      memory_size: 128,
      timeout: 10,
      reserved_concurrent_executions: 0,
      log_retention_days: 0,
      failed_delivery_retention_days: 1,
      parallel_pushes: 1,
      registrar_interval_minutes: 1,
      max_log_groups: 1,
      lines: { max_bytes: 1024, max_age_hours: 0, max_ahead_minutes: 0 },
      alarms: { lag_minutes: 1 },
    },
  },
  {
    what: 'the most of each number',
    given: {
      memory_size: 10240,
      timeout: 900,
      reserved_concurrent_executions: 100000,
      log_retention_days: 3653,
      failed_delivery_retention_days: 3650,
      parallel_pushes: 16,
      registrar_interval_minutes: 60,
      max_log_groups: 100000,
      lines: { max_bytes: 1048576, max_age_hours: 87600, max_ahead_minutes: 525600 },
      alarms: { lag_minutes: 1440 },
    },
  },
  { what: 'a registrar that subscribes what is there', given: { subscriptions_managed_by: 'registrar' } },
  { what: 'to hear of new log groups', given: { follow_on_creation: true } },
  { what: 'to stay with what the plan finds', given: { follow_log_groups: false } },
  { what: 'the other architecture', given: { architecture: 'x86_64' } },
  { what: 'the other ways with lines', given: { lines: { too_long: 'cut', out_of_range: 'clamp' } } },
  {
    what: 'alarm actions of each kind',
    given: {
      alarm_actions: [
        'arn:aws:sns:eu-central-1:123456789012:oncall',
        'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:page',
        'arn:aws:automate:eu-central-1:ec2:stop',
      ],
    },
  },
];

function manyTags(name: string, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${name}${i}`, 'x']));
}

function numbers(variable: string, values: readonly number[], says: RegExp): Refusal[] {
  return values.map((value) => ({ what: `${variable} = ${value}`, given: { [variable]: value }, says }));
}

/** The end of a sentence about these, as a pattern: as Terraform lists them, which is by name. */
export function wrong(names: readonly string[]): string {
  return names
    .map((name) => JSON.stringify(name))
    .sort()
    .join(', ')
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

import { expect } from 'chai';
import { attached, changes, type Given, lookedUp, reportOf, rulesOf, type State } from './planned.ts';

const FILTER = (group: string) => `aws_cloudwatch_log_subscription_filter.log_groups["${group}"]`;
const SHIPPER = 'aws_lambda_function.shipper';
const PERMISSION = 'aws_lambda_permission.log_groups';
const RETRIES = 'aws_lambda_function_event_invoke_config.shipper';
const BUCKET = 'aws_s3_bucket.storage';
const REGISTRY = 'aws_lambda_invocation.registry';
const replaced = (...addresses: string[]) =>
  Object.fromEntries(addresses.map((address) => [address, ['delete', 'create']]));
const groups = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));
const lines = (rules: object) => ({ environment: { LINE_RULES: JSON.stringify(rules) } });
const registrar = (selection: object): State => ({ selection: { managed_by: 'registrar', ...selection } });
const logGroup = (values: object) => ({ 'aws_cloudwatch_log_group.a': { name: '/a', ...values } });

/** Rule and subjects of each loss, less the module's address. */
const lossesOf = (given: Given) => rulesOf(reportOf(given).losses);
const one: State = { groups: groups('/a') };

describe('What loses logs:', () => {
  const LOSSES: Readonly<Record<string, readonly [given: Given, losses: readonly string[]]>> = {
    'a filter that is deleted': [{ before: { groups: groups('/b', '/a') } }, ['unsubscribed /a /b']],
    'an installation that is destroyed': [{ before: one, after: null }, ['unsubscribed /a']],
    'an attachment that is destroyed': [
      { others: changes('module.m', { 'aws_lambda_invocation.attachment': attached({ logGroup: '/a' }) }, {}) },
      ['detached /a'],
    ],
    'a filter pattern where there was none': [
      { before: one, after: { groups: { '/a': { pattern: 'ERROR' } } } },
      ['narrowed /a'],
    ],
    'another filter pattern': [
      { before: { groups: { '/a': { pattern: 'ERROR' } } }, after: { groups: { '/a': { pattern: 'FATAL' } } } },
      ['narrowed /a'],
    ],
    'a filter that is replaced': [{ before: one, after: one, replaced: replaced(FILTER('/a')) }, ['interrupted /a']],
    'groups that are handed over to the registrar': [
      { before: one, after: registrar({ prefixes: ['/'] }) },
      ['interrupted /a'],
    ],
    'a log group that is replaced': [
      {
        before: one,
        after: one,
        others: changes('', logGroup({}), logGroup({}), { replaced: replaced('aws_cloudwatch_log_group.a') }),
      },
      ['interrupted /a'],
    ],
    'a log group that keeps its lines for a shorter time': [
      {
        before: one,
        after: one,
        others: changes('', logGroup({ retention_in_days: 30 }), logGroup({ retention_in_days: 7 })),
      },
      ['log_retention /a'],
    ],
    'a log group that kept its lines for ever': [
      {
        before: one,
        after: one,
        others: changes('', logGroup({ retention_in_days: 0 }), logGroup({ retention_in_days: 365 })),
      },
      ['log_retention /a'],
    ],
    'a log group of a class that cannot be shipped': [
      {
        before: one,
        after: one,
        others: changes('', logGroup({}), logGroup({ log_group_class: 'INFREQUENT_ACCESS' })),
      },
      ['log_class /a'],
    ],
    'a prefix that goes': [
      { before: registrar({ prefixes: ['/b', '/a'] }), after: registrar({}) },
      ['prefix_removed /a /b'],
    ],
    'a registrar that is destroyed': [{ before: registrar({ prefixes: ['/a'] }), after: null }, ['prefix_removed /a']],
    'an exclusion of what a prefix may find': [
      {
        before: registrar({ prefixes: ['/a/'] }),
        after: registrar({ prefixes: ['/a/'], excluded: ['/b/*', '/a/b', '/*-old', '/a', '/a/*'] }),
      },
      ['excluded /*-old /a/* /a/b'],
    ],
    'a filter pattern for all that prefixes find': [
      { before: registrar({ prefixes: ['/a/'] }), after: registrar({ prefixes: ['/a/'], filter_pattern: 'ERROR' }) },
      ['narrowed /a/'],
    ],
    'a function that is replaced with what belongs to it': [
      { before: one, after: one, replaced: replaced(SHIPPER, PERMISSION, RETRIES, FILTER('/a')) },
      [
        'interrupted /a',
        `function_replaced ${SHIPPER}`,
        `permission_gone ${PERMISSION}`,
        `failed_deliveries_dropped ${RETRIES}`,
      ],
    ],
    'a function that is replaced alone': [
      { before: one, after: one, replaced: replaced(SHIPPER) },
      [`function_replaced ${SHIPPER}`, `permission_gone ${PERMISSION}`, `failed_deliveries_dropped ${RETRIES}`],
    ],
    'a permission that is replaced, of groups that the plan does not name': [
      {
        before: registrar({ prefixes: ['/a'] }),
        after: registrar({ prefixes: ['/a'] }),
        replaced: replaced(PERMISSION),
      },
      [`permission_gone ${PERMISSION}`],
    ],
    'a permission that is deleted': [
      { before: one, after: one, replaced: { [PERMISSION]: ['delete'] } },
      [`permission_gone ${PERMISSION}`],
    ],
    'a bucket that is deleted with what it keeps': [
      { before: { forceDestroy: true }, after: null },
      [`bucket_gone ${BUCKET}`],
    ],
    'a bucket that is replaced': [{ before: one, after: one, replaced: replaced(BUCKET) }, [`bucket_gone ${BUCKET}`]],
    'a bucket that keeps what it has for a shorter time': [
      { before: { retentionDays: 90 }, after: { retentionDays: 30 } },
      ['retention aws_s3_bucket_lifecycle_configuration.storage'],
    ],
    'a shipper that may run no more': [
      { before: { concurrency: -1 }, after: { concurrency: 0 } },
      [`stopped ${SHIPPER}`],
    ],
    'a shipper that may not run from the start': [{ before: null, after: { concurrency: 0 } }, [`stopped ${SHIPPER}`]],
    'lines that are cut': [
      { before: lines({ too_long: 'split', max_bytes: 9 }), after: lines({ too_long: 'cut', max_bytes: 9 }) },
      [`lines_cut ${SHIPPER}`],
    ],
    'lines that are cut after less': [
      { before: lines({ too_long: 'cut', max_bytes: 9 }), after: lines({ too_long: 'cut', max_bytes: 8 }) },
      [`lines_cut ${SHIPPER}`],
    ],
    'a registry that is replaced': [
      { before: { counted: 1 }, after: { counted: 1 }, replaced: replaced(REGISTRY) },
      [`registry_replaced ${REGISTRY}`],
    ],
    'more log groups than the registrar may subscribe': [
      {
        before: { ...registrar({ prefixes: ['/a'] }), counted: 9 },
        after: { ...registrar({ prefixes: ['/a'], max_log_groups: 8 }), counted: 9 },
      },
      ['group_limit'],
    ],
    'more streams than Loki takes': [{ after: { groups: groups('/a', '/b', '/c') }, maxStreams: 2 }, ['stream_limit']],
  };
  for (const [what, [given, losses]] of Object.entries(LOSSES))
    it(what, () => {
      expect(lossesOf(given)).to.deep.equal(losses);
      for (const { message } of reportOf(given).losses) expect(message).to.match(/^[A-Z0-9][^\n]*\.$/);
    });

  it('nothing else has a rule', () => {
    const told = new Set(Object.values(LOSSES).flatMap(([given]) => reportOf(given).losses.map(({ rule }) => rule)));
    expect([...told].sort()).to.deep.equal(RULES);
  });
});

/** An interface: programs go by these names. */
const RULES = [
  'bucket_gone',
  'detached',
  'excluded',
  'failed_deliveries_dropped',
  'function_replaced',
  'group_limit',
  'interrupted',
  'lines_cut',
  'log_class',
  'log_retention',
  'narrowed',
  'permission_gone',
  'prefix_removed',
  'registry_replaced',
  'retention',
  'stopped',
  'stream_limit',
  'unsubscribed',
];

describe('What loses no logs:', () => {
  const KEPT: Readonly<Record<string, Given>> = {
    'nothing that changes': { before: one, after: one },
    'a first installation': { before: null, after: one },
    'a filter pattern that goes': { before: { groups: { '/a': { pattern: 'ERROR' } } }, after: one },
    'a group that is deleted': { before: one, others: changes('', logGroup({}), {}) },
    'a group that is no more': { before: one, rest: lookedUp('/', []) },
    'a longer retention': { before: { retentionDays: 30 }, after: { retentionDays: 90 } },
    'a group that keeps its lines longer': {
      before: one,
      after: one,
      others: changes('', logGroup({ retention_in_days: 7 }), logGroup({ retention_in_days: 0 })),
    },
    'a group that nobody ships': {
      others: changes('', logGroup({ retention_in_days: 30 }), logGroup({ retention_in_days: 7 })),
    },
    'a shipper that was stopped before': { before: { concurrency: 0 }, after: { concurrency: 0 } },
    'fewer shippers at a time': { before: { concurrency: 10 }, after: { concurrency: 1 } },
    'lines that are cut as before, or later': {
      before: lines({ too_long: 'cut', max_bytes: 8 }),
      after: lines({ too_long: 'cut', max_bytes: 9 }),
    },
    'lines that are cut in a first installation': { before: null, after: lines({ too_long: 'cut', max_bytes: 9 }) },
    'another Loki': { before: {}, after: { environment: { LOKI_URL: 'https://other.example.com' } } },
    'a prefix that another one covers': {
      before: registrar({ prefixes: ['/a/b'] }),
      after: registrar({ prefixes: ['/a'] }),
    },
    'an exclusion of what no prefix finds': {
      before: registrar({ prefixes: ['/a/'] }),
      after: registrar({ prefixes: ['/a/'], excluded: ['/b', '/b/*', '/a'] }),
    },
    'a filter pattern for all that goes': {
      before: registrar({ prefixes: ['/a/'], filter_pattern: 'ERROR' }),
      after: registrar({ prefixes: ['/a/'] }),
    },
    'prefixes of an installation in which Terraform looks them up': {
      before: { selection: { managed_by: 'terraform', prefixes: ['/a'] } },
      after: { selection: { managed_by: 'terraform' } },
    },
    'an empty bucket that is deleted': { before: {}, after: null },
    'a permission that is replaced while nothing is shipped': { replaced: replaced(PERMISSION, RETRIES) },
    'as many streams as Loki takes': { after: { groups: groups('/a', '/b') }, maxStreams: 2 },
    'fewer streams, though they are still too many': {
      before: { groups: groups('/a', '/b', '/c') },
      after: { groups: groups('/a', '/b') },
      maxStreams: 1,
      rest: lookedUp('/', ['/a', '/b']),
    },
    'an attachment in favour of another': {
      others: [
        ...changes('module.m', { 'aws_lambda_invocation.attachment': attached({ logGroup: '/a' }) }, {}),
        ...changes('module.n', {}, { 'aws_lambda_invocation.attachment': attached({ logGroup: '/a' }) }),
      ],
    },
  };
  for (const [what, given] of Object.entries(KEPT)) it(what, () => expect(lossesOf(given)).to.deep.equal([]));
});

describe('What is to be known:', () => {
  const NOTICES: Readonly<Record<string, readonly [given: Given, notices: readonly string[]]>> = {
    'another Loki': [
      { after: { environment: { LOKI_URL: 'https://other.example.com', LOKI_TENANT_ARN: 'arn:x' } } },
      ['destination https://loki.example.com https://other.example.com', 'destination none arn:x'],
    ],
    'a Loki that the plan does not tell': [
      { unknown: { [SHIPPER]: { environment: [{ variables: { LOKI_URL: true } }] } } },
      ['destination https://loki.example.com unknown'],
    ],
    'other labels': [
      { before: { ...one, labels: { static: { env: 'a' } } }, after: { ...one, labels: { static: { env: 'b' } } } },
      ['relabelled /a'],
    ],
    'more streams than Loki takes, until the old ones are idle': [
      {
        before: { ...one, labels: { static: { env: 'a' } } },
        after: { ...one, labels: { static: { env: 'b' } } },
        maxStreams: 1,
      },
      ['relabelled /a', 'streams_meanwhile'],
    ],
    'groups that are no longer followed': [
      {
        before: { selection: { managed_by: 'terraform', prefixes: ['/b', '/a'] } },
        after: { selection: { managed_by: 'terraform', prefixes: ['/b', '/a'], follow: false } },
      },
      ['unfollowed /a /b'],
    ],
    'a bucket that must be empty': [{ after: null }, [`bucket_must_be_empty ${BUCKET}`]],
    'a filter that somebody deleted': [
      {
        after: one,
        rest: { resource_drift: [{ address: `module.loki_shipper.${FILTER('/a')}`, change: { actions: ['delete'] } }] },
      },
      ['filter_deleted_outside /a'],
    ],
  };
  for (const [what, [given, notices]] of Object.entries(NOTICES))
    it(what, () => expect(rulesOf(reportOf(given).notices)).to.deep.equal(notices));
});

describe('What the plan does not tell:', () => {
  const policy = { environment: [{ variables: { LABEL_POLICY: true } }] };
  const UNKNOWNS: Readonly<Record<string, readonly [given: Given, messages: readonly string[]]>> = {
    'a label policy that is known later': [
      { before: one, after: one, unknown: { [SHIPPER]: policy } },
      ['The label policy is known only after the apply.'],
    ],
    'a label policy that is sensitive': [
      { before: one, after: one, sensitive: { [SHIPPER]: policy } },
      ['The label policy is sensitive, and not shown.'],
    ],
    'a label policy of another version': [
      { before: one, after: { ...one, labels: { static: 1 } } },
      ['The label policy is nothing that this version of loki-shipper can read.'],
    ],
    'a filter pattern': [
      { before: one, after: one, unknown: { [FILTER('/a')]: { filter_pattern: true } } },
      ['The filter pattern of 1 log group is known only after the apply.'],
    ],
    'tags that become labels': [
      {
        before: { groups: { '/a': { tags: {} }, '/b': { tags: {} } }, labels: { from_tags: ['owner'] } },
        after: { groups: { '/a': { tags: {} }, '/b': { tags: {} } }, labels: { from_tags: ['owner'] } },
        unknown: { 'aws_lambda_invocation.log_group_tags["/a"]': { input: true } },
        sensitive: { 'aws_lambda_invocation.log_group_tags["/b"]': { input: true } },
      },
      [
        'What labels 1 log group gets is known only after the apply.',
        'What labels 1 log group gets is sensitive, and not shown.',
      ],
    ],
    'whether the shipper may run': [
      { unknown: { [SHIPPER]: { reserved_concurrent_executions: true } } },
      ['Whether the shipper may run (reserved_concurrent_executions) is known only after the apply.'],
    ],
    'how lines are cut, and how long the bucket keeps what it has': [
      {
        unknown: {
          [SHIPPER]: { environment: [{ variables: { LINE_RULES: true } }] },
          'aws_s3_bucket_lifecycle_configuration.storage': { rule: [{ expiration: [{ days: true }] }] },
        },
      },
      [
        'What is done with lines that are too long is known only after the apply.',
        'How long the bucket keeps what Loki did not take is known only after the apply.',
      ],
    ],
    'what an attachment asks for': [
      {
        others: changes(
          'module.m',
          {},
          { 'aws_lambda_invocation.attachment': { function_name: 'loki-shipper-registrar' } },
          { unknown: { 'aws_lambda_invocation.attachment': { input: true } } },
        ),
      },
      ['What an attachment asks for is known only after the apply.'],
    ],
  };
  for (const [what, [given, messages]] of Object.entries(UNKNOWNS))
    it(what, () => {
      const { unknowns, losses } = reportOf(given);
      expect(unknowns.map(({ message }) => message)).to.deep.equal(messages);
      expect(losses).to.deep.equal([]);
    });

  it('tags, where they become no labels, do not matter', () => {
    const given = {
      before: { groups: { '/a': { tags: { owner: 'x' } } } },
      after: { groups: { '/a': { tags: { owner: 'x' } } } },
      unknown: { 'aws_lambda_invocation.log_group_tags["/a"]': { input: true } },
    };
    expect(reportOf(given).unknowns).to.deep.equal([]);
    expect(reportOf(given).changes).to.deep.equal([]);
  });
});

import { type FoundRefusal, type Refusal, wrong } from '../refusals.ts';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-1111-2222-333344445555';
const BAD_TAGS = { 'a,b': 'a comma', 'aws:owner': 'reserved', broken: 'a line\nbreak' };

/** What the plan of the module log-group refuses. */
export const REFUSALS: readonly Refusal[] = [
  ...['', 'aws/lambda/fun', 'fun checkout', '/aws/lambda/*', 'x'.repeat(513), null].map((name) => ({
    what: `the name ${JSON.stringify(name)}`.slice(0, 40),
    given: { name },
    says: /^name must be the name of a log group: 1 to 512 of the characters .*, not starting with aws\/\.$/,
  })),
  ...['', 'loki/shipper'].map((shipper) => ({
    what: `the shipper "${shipper}"`,
    given: { shipper },
    says: /^shipper must be the name of a loki-shipper: lower-case letters, digits and hyphens\.$/,
  })),
  ...[-1, 2].map((retention_in_days) => ({
    what: `a retention of ${retention_in_days} days`,
    given: { retention_in_days },
    says: /^retention_in_days must be one of the periods of CloudWatch Logs: 0, 1, 3, 5, .*, 3653\.$/,
  })),
  {
    what: 'the alias of a key',
    given: { kms_key_id: 'alias/logs' },
    says: /^kms_key_id must be the ARN of a key \(arn:…:key\/…\)\.$/,
  },
  {
    what: 'what is no tag',
    given: { tags: { ...BAD_TAGS, owner: 'checkout' } },
    says: new RegExp(`^tags must hold tags that AWS takes \\(.*\\); wrong: ${wrong(Object.keys(BAD_TAGS))}\\.$`),
  },
  {
    what: 'more than 50 tags',
    given: { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag${i}`, 'x'])) },
    says: /^tags must hold at most 50 tags\.$/,
  },
  {
    what: 'a filter pattern of more than 1024 characters',
    given: { filter_pattern: 'x'.repeat(1025) },
    says: /^filter_pattern must have at most 1024 characters\.$/,
  },
  ...['', 'x'.repeat(92), 'checkout#1'].map((claimant) => ({
    what: `the claimant ${JSON.stringify(claimant)}`.slice(0, 40),
    given: { claimant },
    says: /^claimant must be 1 to 91 letters, digits, spaces and _ \. : \/ @ -\.$/,
  })),
];

/** What it refuses of what it finds. */
export const FOUND_REFUSALS: readonly FoundRefusal[] = [
  {
    what: 'a shipper that is not there, with the names of those that are',
    given: { shipper: 'third' },
    found: { aws_ssm_parameters_by_path: installations({ first: 1, second: 1 }) },
    says: /^There is no loki-shipper named third in eu-central-1: apply its module there first, or set shipper to one that is there \(first, second\)\.$/,
  },
  {
    what: 'a shipper where there is none',
    given: {},
    found: { aws_ssm_parameters_by_path: installations({}) },
    says: /^There is no loki-shipper named loki-shipper in eu-central-1: .* \(none is\)\.$/,
  },
  {
    what: 'a shipper of another version',
    given: { shipper: 'first' },
    found: { aws_ssm_parameters_by_path: installations({ first: 2 }) },
    says: /^The loki-shipper named first is of another version than this module \(2, and 1 is known\): use both of one version\.$/,
  },
];

/** What it takes. */
export const ACCEPTED: readonly Omit<Refusal, 'says'>[] = [
  {
    what: 'all that can be said, at its borders',
    given: {
      name: '/a.b#c_d-'.padEnd(512, 'x'),
      retention_in_days: 3653,
      kms_key_id: KEY,
      skip_destroy: true,
      tags: { ['k'.repeat(128)]: 'v'.repeat(255), empty: '' },
      filter_pattern: 'x'.repeat(1024),
      claimant: 'ci@example.com: org/repo - main'.padEnd(91, '_'),
    },
  },
  { what: 'a log group that is there', given: { create_log_group: false, kms_key_id: null, filter_pattern: null } },
];

/** What a look-up of the parameters finds: version by name. */
export function installations(versions: Readonly<Record<string, number>>) {
  const names = Object.keys(versions);
  return {
    names: names.map((name) => `/loki-shipper/${name}`),
    values: names.map((name) =>
      JSON.stringify({
        version: versions[name],
        name,
        id: 'an-id',
        registrar: `${name}-registrar`,
        shipper: `arn:aws:lambda:eu-central-1:123456789012:function:${name}-shipper`,
      }),
    ),
  };
}

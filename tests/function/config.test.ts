import { expect } from 'chai';
import { InvalidConfig, loadConfig, SETTINGS } from '../../function/config.ts';
import { ENVIRONMENT } from '../support/environment.ts';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki-AbCdEf';
const PARAMETER = 'arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/loki/tenant';
const POLICY = { from_tags: ['owner', 'Team-Name'], static: { env: 'prod' }, refresh_seconds: 300 };
const ENV = { ...ENVIRONMENT, LOKI_URL: 'https://loki.example.com', LABEL_POLICY: JSON.stringify(POLICY) };

/** The message that these settings fail with. */
function problemsOf(env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message;
    throw error;
  }
  throw new Error('The settings are taken.');
}

const withPolicy = (overrides: object) => ({ ...ENV, LABEL_POLICY: JSON.stringify({ ...POLICY, ...overrides }) });

describe('The configuration', () => {
  it('is read from the environment', () => {
    const env = { ...ENV, LOKI_BASIC_AUTH_ARN: SECRET, LOKI_TENANT_ARN: PARAMETER };
    expect(loadConfig(env)).to.deep.equal({
      lokiUrl: 'https://loki.example.com',
      labels: { fromTags: ['owner', 'Team-Name'], static: { env: 'prod' }, refreshSeconds: 300 },
      secrets: { basicAuth: SECRET, tenant: PARAMETER },
      rules: {
        maxBytes: 262_144,
        tooLong: 'split',
        maxAgeMs: 604_800_000,
        maxAheadMs: 600_000,
        outOfRange: 'park',
      },
      parallelPushes: 2,
      bucket: 'loki-shipper-123456789012-eu-central-1',
      ownLogGroups: new Set(['/aws/lambda/loki-shipper-shipper', '/aws/lambda/loki-shipper-registrar']),
    });
  });

  it('takes 0 for a time without limit', () => {
    const rules = { ...JSON.parse(ENV.LINE_RULES), max_age_hours: 0, max_ahead_minutes: 0 };
    expect(loadConfig({ ...ENV, LINE_RULES: JSON.stringify(rules) }).rules).to.include({
      maxAgeMs: Number.POSITIVE_INFINITY,
      maxAheadMs: Number.POSITIVE_INFINITY,
    });
  });

  for (const [name, value, right] of [
    ['max_bytes', 1023, 'a number from 1024 to 1048576'],
    ['too_long', 'drop', 'split or cut'],
    ['max_age_hours', -1, 'a number from 0 to 87600'],
    ['max_ahead_minutes', '10', 'a number from 0 to 525600'],
    ['out_of_range', null, 'park or clamp'],
  ] as const)
    it(`refuses ${JSON.stringify(value)} for ${name} of the rules for lines`, () => {
      const rules = JSON.stringify({ ...JSON.parse(ENV.LINE_RULES), [name]: value });
      expect(problemsOf({ ...ENV, LINE_RULES: rules })).to.include(`LINE_RULES: ${name} must be ${right}.`);
    });

  it('refuses rules that are no object, a number of pushes that is none, and log groups that are no list', () => {
    for (const pushes of ['', '0', '17', '1.5', 'two'])
      expect(problemsOf({ ...ENV, PARALLEL_PUSHES: pushes })).to.include(
        'PARALLEL_PUSHES must be a whole number from 1',
      );
    expect(problemsOf({ ...ENV, LINE_RULES: '[]', OWN_LOG_GROUPS: '{}', BUCKET: '' })).to.match(
      /LINE_RULES must be a JSON object\. OWN_LOG_GROUPS must be a JSON list of names\. BUCKET is missing\./,
    );
  });

  it('reads the settings that it lists, and no others', () => {
    const read = new Set<string>();
    const values: Readonly<Record<string, string>> = { ...ENV, LOKI_BASIC_AUTH_ARN: SECRET, LOKI_TENANT_ARN: SECRET };
    loadConfig(
      new Proxy(values, {
        get(target, name) {
          read.add(String(name));
          return target[String(name)];
        },
      }),
    );
    expect([...read]).to.have.members([...SETTINGS]);
  });

  it('needs no secrets, and takes an empty one for none', () => {
    expect(loadConfig({ ...ENV, LOKI_TENANT_ARN: '' }).secrets).to.deep.equal({});
  });

  for (const [given, url] of [
    ['http://10.0.0.1:3100', 'http://10.0.0.1:3100'],
    ['https://example.com/a/prefix', 'https://example.com/a/prefix'],
    ['https://example.com/a/prefix//', 'https://example.com/a/prefix'],
  ] as const)
    it(`takes ${given} for Loki's URL`, () => expect(loadConfig({ ...ENV, LOKI_URL: given }).lokiUrl).to.equal(url));

  for (const url of [
    'loki.example.com',
    'ftp://example.com',
    'https://',
    'https://x/?a=b',
    'https://x/?',
    'https://x/#',
  ])
    it(`refuses ${url} for Loki's URL`, () =>
      expect(problemsOf({ ...ENV, LOKI_URL: url })).to.include('LOKI_URL must be http:// or https://'));

  it('refuses credentials in the URL without showing them', () => {
    for (const credentials of ['user:hunter2', 'hunter2', ':hunter2'])
      expect(problemsOf({ ...ENV, LOKI_URL: `https://${credentials}@loki.example.com` }))
        .to.include('without credentials')
        .and.not.include('hunter2');
  });

  for (const policy of ['', 'not json', '[]', 'null', '"text"'])
    it(`refuses the label policy ${policy || '(empty)'}`, () =>
      expect(problemsOf({ ...ENV, LABEL_POLICY: policy })).to.include('LABEL_POLICY must be a JSON object.'));

  for (const value of [undefined, 'owner', ['owner', 1], [''], { owner: 'x' }])
    it(`refuses ${JSON.stringify(value)} for from_tags`, () =>
      expect(problemsOf(withPolicy({ from_tags: value }))).to.include('from_tags must be a list of tag keys.'));

  for (const value of [undefined, 'env', ['env'], { env: 1 }, null])
    it(`refuses ${JSON.stringify(value)} for static`, () =>
      expect(problemsOf(withPolicy({ static: value }))).to.include('static must be an object of texts.'));

  for (const name of ['', 'a-b', '1st', '__name__', 'é', 'a b'])
    it(`refuses ${JSON.stringify(name)} for the name of a static label`, () =>
      expect(problemsOf(withPolicy({ static: { [name]: 'x' } }))).to.include(
        `${JSON.stringify(name)} in static is not a label name that Loki takes.`,
      ));

  it('refuses the value of a static label that is too long for Loki, by its bytes', () => {
    expect(loadConfig(withPolicy({ static: { env: 'é'.repeat(1024) } })).labels.static.env).to.have.length(1024);
    expect(problemsOf(withPolicy({ static: { env: `x${'é'.repeat(1024)}` } }))).to.include(
      'the value of "env" in static has more than 2048 bytes.',
    );
  });

  for (const value of [undefined, '300', 0, 0.5, -1, 86_401, null])
    it(`refuses ${JSON.stringify(value)} for refresh_seconds`, () =>
      expect(problemsOf(withPolicy({ refresh_seconds: value }))).to.include(
        'refresh_seconds must be a number from 1 to 86400.',
      ));

  for (const value of [
    'hunter2',
    'arn:aws:s3:::bucket',
    'arn:aws:ssm:eu-central-1:123456789012:document/x',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:',
    'arn:aws:secretsmanager::123456789012:secret:x',
  ])
    for (const name of ['LOKI_BASIC_AUTH_ARN', 'LOKI_BEARER_TOKEN_ARN', 'LOKI_TENANT_ARN'])
      it(`refuses ${value} for ${name} without showing it: it may be the secret itself`, () =>
        expect(problemsOf({ ...ENV, [name]: value }))
          .to.include(`${name} must be the ARN of a Secrets Manager secret or an SSM parameter.`)
          .and.not.include(value));

  it('refuses two ways to authenticate', () => {
    expect(problemsOf({ ...ENV, LOKI_BASIC_AUTH_ARN: SECRET, LOKI_BEARER_TOKEN_ARN: PARAMETER })).to.include(
      'LOKI_BASIC_AUTH_ARN and LOKI_BEARER_TOKEN_ARN exclude each other.',
    );
  });

  it('names everything that is wrong in one error', () => {
    const env = { ...ENVIRONMENT, LABEL_POLICY: '{"static":{"a-b":"x"}}', LOKI_TENANT_ARN: 'x' };
    expect(problemsOf(env)).to.equal(
      'The shipper is not set up right: LOKI_URL is missing. LABEL_POLICY: from_tags must be a list of tag keys. ' +
        'LABEL_POLICY: "a-b" in static is not a label name that Loki takes. ' +
        'LABEL_POLICY: refresh_seconds must be a number from 1 to 86400. ' +
        'LOKI_TENANT_ARN must be the ARN of a Secrets Manager secret or an SSM parameter.',
    );
  });
});

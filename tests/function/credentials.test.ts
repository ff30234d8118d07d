import { expect } from 'chai';
import type { SecretArns } from '../../function/config.ts';
import { BadCredentials, lokiHeaders } from '../../function/credentials.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:loki-AbCdEf';
const OTHER_ARN = 'arn:aws:ssm:eu-central-1:123456789012:parameter/loki/tenant';

describe('The headers for Loki', () => {
  /** Headers from secrets that the test changes, on a clock that it moves. */
  function given(arns: SecretArns, secrets: Record<string, string | Error>) {
    const asked: string[] = [];
    const clock = { now: 1_000 };
    const read = async (arn: string): Promise<string> => {
      asked.push(arn);
      const secret = secrets[arn];
      if (typeof secret !== 'string') throw secret ?? new Error('unexpected secret');
      return secret;
    };
    return { headers: lokiHeaders(arns, read, () => clock.now), asked, clock, secrets };
  }

  const basic = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
  const denied = new Error('denied');

  it('are none where no secrets are named', async () => {
    expect(await given({}, {}).headers(false)).to.deep.equal({});
  });

  const BASIC = {
    'user:pass:word': 'user:pass:word',
    ' user:password\n': 'user:password',
    '{"username":"user","password":"pass"}': 'user:pass',
    '\n{"password":"ü👍","username":"user","more":1}\n': 'user:ü👍',
  };
  for (const [secret, pair] of Object.entries(BASIC))
    it(`authenticate as ${pair} with the secret ${JSON.stringify(secret)}`, async () =>
      expect(await given({ basicAuth: ARN }, { [ARN]: secret }).headers(false)).to.deep.equal(basic(pair)));

  it('hold a bearer token and the tenant', async () => {
    const { headers } = given({ bearerToken: ARN, tenant: OTHER_ARN }, { [ARN]: 'glc_abc=\n', [OTHER_ARN]: 'team-a' });
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer glc_abc=', 'X-Scope-OrgID': 'team-a' });
  });

  const BAD: readonly (readonly [keyof SecretArns, string])[] = [
    ['basicAuth', 'hunter2'],
    ['basicAuth', '{"username":"user"}'],
    ['basicAuth', '{"username":"user","password":["hunter2"]}'],
    ['basicAuth', '{"username":"user","password":"hunter2"'],
    ['bearerToken', 'hunter2 and more'],
    ['bearerToken', 'hunter2\r\nX-Injected: yes'],
    ['bearerToken', ' '],
    ['tenant', 'hünter2'],
  ];
  for (const [kind, secret] of BAD)
    it(`fail for ${kind} with the secret ${JSON.stringify(secret)}, naming it by its ARN only`, async () => {
      const error: unknown = await given({ [kind]: ARN }, { [ARN]: secret })
        .headers(false)
        .catch((e: unknown) => e);
      expect(error).to.be.instanceOf(BadCredentials);
      expect(`${error}`).to.match(/^BadCredentials: The secret arn:aws:secretsmanager:\S+ must hold .*\.$/);
      for (const part of ['unter2', 'Injected', 'username":"user']) expect(`${error}`).not.to.include(part);
    });

  it('are kept for five minutes', async () => {
    const { headers, asked, clock, secrets } = given({ bearerToken: ARN }, { [ARN]: 'old' });
    await headers(false);
    secrets[ARN] = 'new';
    clock.now += 299_999;
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer old' });
    clock.now += 1;
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer new' });
    expect(asked).to.have.length(2);
  });

  it('are read anew at once when asked to', async () => {
    const { headers, secrets } = given({ bearerToken: ARN }, { [ARN]: 'old' });
    await headers(false);
    secrets[ARN] = 'new';
    expect(await headers(true)).to.deep.equal({ Authorization: 'Bearer new' });
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer new' });
  });

  it('stay in use when the secret cannot be read again, and are asked for after another while', async () => {
    const { headers, asked, clock, secrets } = given({ bearerToken: ARN }, { [ARN]: 'old' });
    await headers(false);
    secrets[ARN] = denied;
    clock.now += 300_000;
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer old' });
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer old' });
    expect(asked).to.have.length(2);
  });

  it('fail when the secret cannot be read at first, or anew', async () => {
    const { headers, secrets } = given({ bearerToken: ARN }, { [ARN]: denied });
    expect(await headers(false).catch((error: unknown) => error)).to.equal(denied);
    secrets[ARN] = 'old';
    expect(await headers(false)).to.deep.equal({ Authorization: 'Bearer old' });
    secrets[ARN] = denied;
    expect(await headers(true).catch((error: unknown) => error)).to.equal(denied);
  });
});

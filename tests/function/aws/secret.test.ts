import { expect } from 'chai';
import { readSecret, SecretUnavailable } from '../../../function/aws/secret.ts';
import { FakeAws } from '../../support/fake-aws.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:loki-AbCdEf';
const PARAMETER = 'arn:aws:ssm:eu-west-1:123456789012:parameter/loki/token';

describe('A secret', function () {
  this.timeout(20_000);
  let aws: FakeAws;
  beforeEach(async () => {
    aws = await FakeAws.start();
  });
  afterEach(() => aws.stop());

  it('of Secrets Manager is read by its ARN, in the region of the ARN', async () => {
    aws.secrets.set(SECRET, 'user:password');
    expect(await readSecret(SECRET)).to.equal('user:password');
    expect(aws.calls).to.deep.equal([
      { target: 'secretsmanager.GetSecretValue', region: 'us-east-1', input: { SecretId: SECRET } },
    ]);
  });

  const NAMES = {
    [PARAMETER]: '/loki/token',
    'arn:aws:ssm:eu-west-1:123456789012:parameter/a/b/c': '/a/b/c',
    'arn:aws:ssm:eu-west-1:123456789012:parameter/token': 'arn:aws:ssm:eu-west-1:123456789012:parameter/token',
  };
  for (const [arn, Name] of Object.entries(NAMES))
    it(`of SSM is read decrypted, in the region of the ARN, as ${Name}`, async () => {
      aws.parameters.set(arn, 'token');
      expect(await readSecret(arn)).to.equal('token');
      expect(aws.calls).to.deep.equal([
        { target: 'AmazonSSM.GetParameter', region: 'eu-west-1', input: { Name, WithDecryption: true } },
      ]);
    });

  for (const arn of [SECRET, PARAMETER]) {
    it(`that is not there fails with its name: ${arn}`, async () => {
      const error: unknown = await readSecret(arn).catch((error: unknown) => error);
      expect(error).to.be.instanceOf(SecretUnavailable);
      expect(`${error}`).to.equal(
        `SecretUnavailable: The secret ${arn} cannot be read (ResourceNotFoundException): check that it exists and that the shipper's role may read it.`,
      );
    });

    it(`that is empty fails with its name: ${arn}`, async () => {
      aws.secrets.set(SECRET, '');
      aws.parameters.set(PARAMETER, '');
      expect(`${await readSecret(arn).catch((error: unknown) => error)}`).to.include(
        `${arn} cannot be read (it has no text)`,
      );
    });
  }
});

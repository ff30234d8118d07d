import { LokiShipperError } from '../errors.ts';
import { type Arn, parseArn } from './arn.ts';
import { nameOf } from './aws-error.ts';
import { TIMEOUTS } from './timeouts.ts';

/** A secret could not be read, or holds nothing. */
export class SecretUnavailable extends LokiShipperError {
  override readonly name = 'SecretUnavailable';
  constructor(arn: string, reason: string) {
    super(
      `The secret ${arn} cannot be read (${reason}): check that it exists and that the shipper's role may read it.`,
    );
  }
}

/**
 * The value of a Secrets Manager secret or an SSM parameter, read in the region of its ARN.
 * @throws SecretUnavailable
 */
export async function readSecret(arn: string): Promise<string> {
  const parts = parseArn(arn);
  try {
    const value = parts.service === 'ssm' ? await readParameter(arn, parts) : await readSecretValue(arn, parts);
    if (value) return value;
  } catch (error) {
    throw new SecretUnavailable(arn, nameOf(error));
  }
  throw new SecretUnavailable(arn, 'it has no text');
}

async function readSecretValue(arn: string, { region }: Arn): Promise<string | undefined> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({ region, requestHandler: TIMEOUTS });
  return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
}

/**
 * A parameter of a hierarchy is read by its name. Of the others an ARN does not tell whether the name begins with `/`,
 * so they are read by the ARN. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
async function readParameter(arn: string, { region, resource }: Arn): Promise<string | undefined> {
  const { SSMClient, GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const name = resource.slice('parameter'.length);
  const Name = name.lastIndexOf('/') > 0 ? name : arn;
  const client = new SSMClient({ region, requestHandler: TIMEOUTS });
  const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return Parameter?.Value;
}

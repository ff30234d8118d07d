import { type Answer, type Call, inRegion } from './call.ts';

/** Secrets Manager and the parameters of SSM. */
export class FakeSecrets {
  /** Texts by ARN, of Secrets Manager. */
  readonly secrets = new Map<string, string>();
  /** Texts by ARN, of SSM, where they are encrypted. */
  readonly parameters = new Map<string, string>();

  answer({ target, region, input }: Call): Answer {
    switch (target) {
      case 'secretsmanager.GetSecretValue':
        return found(inRegion(this.secrets, String(input.SecretId), region), (SecretString) => ({ SecretString }));
      case 'AmazonSSM.GetParameter':
        return found(parameterOf(this.parameters, String(input.Name), region), (Value) => ({
          Parameter: { Value: input.WithDecryption ? Value : 'AQICAHh-encrypted' },
        }));
      default:
        return { error: 'UnknownOperationException' };
    }
  }
}

/** A parameter is asked for by its ARN or by its name. */
function parameterOf(parameters: ReadonlyMap<string, string>, name: string, region: string): string | undefined {
  for (const arn of parameters.keys())
    if (arn === name || arn.endsWith(`:parameter/${name.replace(/^\//, '')}`)) return inRegion(parameters, arn, region);
  return undefined;
}

function found(text: string | undefined, output: (text: string) => object): Answer {
  return text === undefined ? { error: 'ResourceNotFoundException' } : { output: output(text) };
}

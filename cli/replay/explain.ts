import { nameOf } from '../../function/aws/aws-error.ts';
import { InvocationFailed } from '../../function/aws/invoke.ts';

const HINTS: Readonly<Record<string, string>> = {
  // Of the SDK's plain errors, the one that occurs is that it knows no region.
  Error: 'no region of AWS is known: set --region, or AWS_REGION',
  ResourceNotFoundException: 'there is no such function: check --name, --region and --profile',
  AccessDeniedException: 'you need lambda:InvokeFunction for it',
  CredentialsProviderError: 'there are no credentials of AWS: check --profile, or the environment',
  ExpiredTokenException: 'the credentials of AWS are too old: sign in again',
  UnrecognizedClientException: 'AWS does not know the credentials: sign in again',
};

/** Why the registrar could not be called, in one sentence. */
export function explain(error: unknown, functionName: string): string {
  if (!(error instanceof InvocationFailed)) return error instanceof Error ? error.message : nameOf(error);
  const hint = HINTS[error.reason];
  return hint ? `${functionName} could not be called (${error.reason}): ${hint}.` : error.message;
}

import { nameOf } from '../function/aws/aws-error.ts';
import { InvocationFailed } from '../function/aws/invoke.ts';

/** What to do about an error of AWS or of the SDK, by its name. */
const HINTS: Readonly<Record<string, string>> = {
  // Of the SDK's plain errors, the one that occurs is that it knows no region.
  Error: 'no region of AWS is known: set --region, or AWS_REGION',
  CredentialsProviderError: 'there are no credentials of AWS: check --profile, or the environment',
  ExpiredTokenException: 'the credentials of AWS are too old: sign in again',
  UnrecognizedClientException: 'AWS does not know the credentials: sign in again',
};

/** Why a function could not be called, in one sentence. */
export function explain(error: unknown, functionName: string): string {
  if (!(error instanceof InvocationFailed)) return error instanceof Error ? error.message : nameOf(error);
  const hint =
    error.reason === 'ResourceNotFoundException'
      ? 'there is no such function: check --name, --region and --profile'
      : hintOf(error.reason, 'lambda:InvokeFunction');
  return hint ? `${functionName} could not be called (${error.reason}): ${hint}.` : error.message;
}

/**
 * Why a call to AWS failed, in one sentence.
 * @param action that is needed for it, for example `logs:PutLogEvents`
 */
export function explainCall(error: unknown, action: string): string {
  const reason = nameOf(error);
  const hint = hintOf(reason, action);
  return `${action} failed with ${reason}${hint ? `: ${hint}` : ''}.`;
}

function hintOf(reason: string, action: string): string | undefined {
  // AccessDeniedException; AccessDenied where the protocol is an older one.
  if (reason.startsWith('AccessDenied')) return `you need ${action} for it`;
  return HINTS[reason];
}

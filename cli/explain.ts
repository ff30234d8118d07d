import { nameOf } from '../function/aws/aws-error.ts';
import { InvocationFailed } from '../function/aws/invoke.ts';
import { HINTS } from './hints.ts';

const OF_INVOCATIONS: Readonly<Record<string, string>> = {
  ...HINTS,
  ResourceNotFoundException: 'there is no such function: check --name, --region and --profile',
  AccessDeniedException: 'you need lambda:InvokeFunction for it',
};

/** Why a function could not be called, in one sentence. */
export function explain(error: unknown, functionName: string): string {
  if (!(error instanceof InvocationFailed)) return error instanceof Error ? error.message : nameOf(error);
  const hint = OF_INVOCATIONS[error.reason];
  return hint ? `${functionName} could not be called (${error.reason}): ${hint}.` : error.message;
}

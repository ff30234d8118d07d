import { EXCEPTIONS, type Exception } from '../local/checkov-exceptions.ts';

/** What checkov finds in plans of an installation that is there already, but not in those of the examples. */
const OF_WHAT_IS_APPLIED: readonly Exception[] = [
  {
    check: 'CKV_AWS_173',
    of: /\baws_lambda_function\.\w+$/,
    reason: 'Lambda encrypts the environment with the key of AWS, and it holds names and ARNs, no secrets',
  },
];

/** The exceptions as the review of a plan reads them, for resources of the module alone. */
export function reviewExceptions(): string {
  const exceptions = [...EXCEPTIONS, ...OF_WHAT_IS_APPLIED].map(({ check, of, reason }) => ({
    check,
    resource: of.source,
    reason,
  }));
  return `${JSON.stringify(exceptions, null, 2)}\n`;
}

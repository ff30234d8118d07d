/** What to do about errors of the SDK that any call may end with, by their names. */
export const HINTS: Readonly<Record<string, string>> = {
  // Of the SDK's plain errors, the one that occurs is that it knows no region.
  Error: 'no region of AWS is known: set --region, or AWS_REGION',
  CredentialsProviderError: 'there are no credentials of AWS: check --profile, or the environment',
  ExpiredTokenException: 'the credentials of AWS are too old: sign in again',
  UnrecognizedClientException: 'AWS does not know the credentials: sign in again',
};

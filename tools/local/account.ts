/** The account and region of the emulated AWS. MiniStack takes an access key of twelve digits as the account's id. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** Settings of an SDK client: the account's root, whom IAM does not restrict. */
export function clientConfig(endpoint: string) {
  return { endpoint, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' }, maxAttempts: 1 };
}

/** The account and region of the emulated AWS. MiniStack takes an access key of twelve digits as the account's id. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** An account and a region of the emulated AWS: there is another one for each twelve digits and each region's name. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const HOME: Place = { account: ACCOUNT, region: REGION };

/** Settings of an SDK client: the account's root, whom IAM does not restrict. */
export function clientConfig(endpoint: string, { account, region }: Place = HOME) {
  return { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'test' }, maxAttempts: 1 };
}

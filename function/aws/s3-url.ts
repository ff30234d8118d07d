/** What an object's address depends on. */
export interface BucketProps {
  readonly bucket: string;
  readonly region: string;
  /** `aws`, `aws-cn` … */
  readonly partition: string;
}

/** Where S3 answers, apart from amazonaws.com: https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
const DOMAINS: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/**
 * The address of an object, as the SDK would have it for the same environment: an endpoint that is set counts, and so
 * does the wish for a FIPS endpoint.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function s3Url(
  { bucket, region, partition }: BucketProps,
  key: string,
  env: Readonly<Record<string, string | undefined>>,
): URL {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const endpoint = endpointOf(env);
  if (endpoint) return new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${path}`);
  const service = env.AWS_USE_FIPS_ENDPOINT === 'true' ? 's3-fips' : 's3';
  const host = `${service}.${region}.${DOMAINS[partition] ?? 'amazonaws.com'}`;
  // A certificate for all buckets has room for a name without dots only.
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}/${path}` : `https://${bucket}.${host}/${path}`);
}

function endpointOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return undefined;
  return env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
}

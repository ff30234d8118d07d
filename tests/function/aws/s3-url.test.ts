import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { s3Url } from '../../../function/aws/s3-url.ts';

const KEY = 'registry/catalogue.ndjson.gz';
/** A region of each partition. */
const REGIONS = {
  aws: 'eu-central-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
} as const;

/** Of what the SDK sends. */
interface HttpRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
}

/** Where the SDK's own client sends a request for the object. */
async function sdkUrl(bucket: string, region: string, useFipsEndpoint: boolean): Promise<string> {
  let url = '';
  const client = new S3Client({
    region,
    useFipsEndpoint,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async ({ protocol, hostname, path }: HttpRequest) => {
        url = `${protocol}//${hostname}${path}`;
        throw new Error('seen');
      },
    },
    maxAttempts: 1,
  });
  await client.send(new GetObjectCommand({ Bucket: bucket, Key: KEY })).catch(() => undefined);
  return url;
}

describe('The address of an object', () => {
  for (const [partition, region] of Object.entries(REGIONS))
    it(`is the one that the SDK uses, in ${partition}`, async () => {
      for (const bucket of ['a-bucket', 'a.bucket'])
        expect(s3Url({ bucket, region, partition }, KEY, {}).href).to.equal(await sdkUrl(bucket, region, false));
    });

  for (const partition of ['aws', 'aws-us-gov'] as const)
    it(`is the one that the SDK uses when it has to be FIPS, in ${partition}`, async () => {
      const region = REGIONS[partition];
      const { href } = s3Url({ bucket: 'a-bucket', region, partition }, KEY, { AWS_USE_FIPS_ENDPOINT: 'true' });
      expect(href).to.equal(await sdkUrl('a-bucket', region, true));
      expect(href).to.include('s3-fips');
    });

  it('is below the endpoint that is set, with the bucket in its path', () => {
    const at = (env: Readonly<Record<string, string>>) =>
      s3Url({ bucket: 'b', region: 'eu-central-1', partition: 'aws' }, 'a b/ü+c', env).href;
    expect(at({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).to.equal('http://127.0.0.1:4566/b/a%20b/%C3%BC%2Bc');
    expect(at({ AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_S3: 'https://s3/' })).to.match(/^https:\/\/s3\/b\//);
    expect(at({ AWS_ENDPOINT_URL: 'http://all', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })).to.match(
      /^https:\/\/b\.s3\.eu-central-1\.amazonaws\.com\//,
    );
  });
});

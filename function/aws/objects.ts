import type { S3Client } from '@aws-sdk/client-s3';
import { LokiShipperError } from '../errors.ts';
import { nameOf } from './aws-error.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The objects of a bucket. Each of its calls throws StorageFailed. */
export interface Objects {
  /** Writes an object, in place of the one that has the key. */
  put(key: string, body: Uint8Array, type: ContentType): Promise<void>;
  /** @returns undefined when there is no such object */
  get(key: string): Promise<Buffer | undefined>;
  /** Does nothing when there is no such object. */
  remove(key: string): Promise<void>;
  /**
   * The next objects whose keys have a prefix, in the order of the keys, at most 1000.
   * @param after a key; those up to it are left out. Default: none
   */
  list(prefix: string, after?: string): Promise<ObjectList>;
}

export interface ContentType {
  readonly contentType: string;
  readonly contentEncoding?: string;
}

export interface ObjectList {
  /** `size` in bytes. */
  readonly objects: readonly { readonly key: string; readonly size: number }[];
  /** Whether there are more after these. */
  readonly more: boolean;
}

/** A call to S3 failed. */
export class StorageFailed extends LokiShipperError {
  override readonly name = 'StorageFailed';
  /** @param call for example `s3:PutObject`; @param path of the object or the prefix; @param reason name of AWS's error */
  constructor(call: string, bucket: string, path: string, reason: string) {
    super(`${call} failed with ${reason} for s3://${bucket}/${path}.`);
  }
}

/** Of a call that is throttled or gets no answer. */
const ATTEMPTS = 3;

/** A bucket of the region, by the SDK, which is loaded at the first call: most invocations make none. */
export function s3Objects(bucket: string, region: string): Objects {
  let loading: Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> | undefined;
  const load = () => {
    loading ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        region,
        maxAttempts: ATTEMPTS,
        // Also for an object that stops arriving in its middle.
        requestHandler: { ...TIMEOUTS, socketTimeout: TIMEOUTS.requestTimeout },
      }),
    }));
    return loading;
  };
  const failed = (call: string, path: string) => (error: unknown) => {
    throw new StorageFailed(call, bucket, path, nameOf(error));
  };

  return {
    async put(key, body, { contentType, contentEncoding }) {
      const { sdk, client } = await load();
      const command = new sdk.PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        ContentEncoding: contentEncoding,
      });
      await client.send(command).catch(failed('s3:PutObject', key));
    },
    async get(key) {
      const { sdk, client } = await load();
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        return failed('s3:GetObject', key)(error);
      }
    },
    async remove(key) {
      const { sdk, client } = await load();
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key });
      await client.send(command).catch(failed('s3:DeleteObject', key));
    },
    async list(prefix, after) {
      const { sdk, client } = await load();
      const command = new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: after });
      const { Contents = [], IsTruncated = false } = await client.send(command).catch(failed('s3:ListBucket', prefix));
      return { objects: Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, size: Size })), more: IsTruncated };
    },
  };
}

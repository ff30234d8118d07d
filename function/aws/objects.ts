import type { S3Client } from '@aws-sdk/client-s3';
import { LokiShipperError } from '../errors.ts';
import { nameOf } from './aws-error.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The objects of a bucket. Each of its calls throws StorageFailed. */
export interface Objects {
  /** Writes an object, in place of the one that has the key. */
  put(key: string, body: Uint8Array, type: ContentType): Promise<void>;
  /**
   * Writes an object only if the one that has the key is still that version, or null: if none has it.
   * @returns false when somebody else was first, and nothing was written
   */
  putIf(expected: string | null, key: string, body: Uint8Array, type: ContentType): Promise<boolean>;
  /** @returns undefined when there is no such object */
  get(key: string): Promise<Buffer | undefined>;
  /** @returns an object and its version; undefined when there is no such object */
  getVersion(key: string): Promise<{ readonly body: Buffer; readonly etag: string } | undefined>;
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
  readonly objects: readonly ListedObject[];
  /** Whether there are more after these. */
  readonly more: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Another one for other content. */
  readonly etag: string;
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

type Condition = { readonly IfNoneMatch?: '*'; readonly IfMatch?: string };

/**
 * Another object has the key; another one is being written; none has it any more:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const OTHERS_WERE_FIRST: readonly string[] = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

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

  const put = async (key: string, body: Uint8Array, type: ContentType, condition: Condition) => {
    const { sdk, client } = await load();
    const { contentType: ContentType, contentEncoding: ContentEncoding } = type;
    const object = { Bucket: bucket, Key: key, Body: body, ContentType, ContentEncoding };
    await client.send(new sdk.PutObjectCommand({ ...object, ...condition }));
  };
  const getVersion: Objects['getVersion'] = async (key) => {
    const { sdk, client } = await load();
    try {
      const { Body, ETag = '' } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
      return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), etag: ETag };
    } catch (error) {
      if (error instanceof sdk.NoSuchKey) return undefined;
      return failed('s3:GetObject', key)(error);
    }
  };

  return {
    put: (key, body, type) => put(key, body, type, {}).catch(failed('s3:PutObject', key)),
    async putIf(expected, key, body, type) {
      const condition: Condition = expected === null ? { IfNoneMatch: '*' } : { IfMatch: expected };
      try {
        await put(key, body, type, condition);
        return true;
      } catch (error) {
        if (OTHERS_WERE_FIRST.includes(nameOf(error))) return false;
        return failed('s3:PutObject', key)(error);
      }
    },
    async get(key) {
      return (await getVersion(key))?.body;
    },
    getVersion,
    async remove(key) {
      const { sdk, client } = await load();
      const command = new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key });
      await client.send(command).catch(failed('s3:DeleteObject', key));
    },
    async list(prefix, after) {
      const { sdk, client } = await load();
      const command = new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: after });
      const { Contents = [], IsTruncated = false } = await client.send(command).catch(failed('s3:ListBucket', prefix));
      const objects = Contents.map(({ Key = '', Size = 0, ETag = '' }) => ({ key: Key, size: Size, etag: ETag }));
      return { objects, more: IsTruncated };
    },
  };
}

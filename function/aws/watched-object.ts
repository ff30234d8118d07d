import { setTimeout } from 'node:timers/promises';
import { nameOf } from './aws-error.ts';
import { StorageFailed } from './objects.ts';
import { type BucketProps, s3Url } from './s3-url.ts';
import type { Answer, SignedGet } from './signed-get.ts';

/** An object as it was at a time. */
export interface Version {
  readonly body: Buffer;
  readonly etag: string;
  /** When it was written, milliseconds since 1970; not a number where S3 does not say. */
  readonly writtenAt: number;
}

/**
 * Reads an object.
 *
 * @param etag of the version that is known
 * @returns 'unchanged' when that still is the one; undefined when there is no such object
 * @throws StorageFailed
 */
export type ReadVersion = (etag?: string) => Promise<Version | 'unchanged' | undefined>;

/** Of which the second is for a connection that S3 had closed, and for a moment in which S3 is busy. */
const ATTEMPTS = 2;
const LONGEST_WAIT_MS = 200;

/** No small object is larger. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * An object that is read again and again by every container, so without the weight of the SDK: code for signing and Node's
 * client are loaded at the first reading.
 */
export function watchedObject(
  bucket: BucketProps,
  key: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ReadVersion {
  let loading: Promise<SignedGet> | undefined;

  return async (etag) => {
    loading ??= import('./signed-get.ts').then(({ signedGet }) =>
      signedGet({ region: bucket.region, env, maxBytes: MAX_BYTES }),
    );
    const get = await loading;
    const failed = (reason: string) => new StorageFailed('s3:GetObject', bucket.bucket, key, reason);
    const { status, headers, body } = await patiently(() =>
      get(s3Url(bucket, key, env), etag ? { 'if-none-match': etag } : {}),
    ).catch((error: unknown) => {
      throw failed(nameOf(error));
    });
    if (status === 304) return 'unchanged';
    if (status === 200)
      return { body, etag: headers.etag ?? '', writtenAt: Date.parse(headers['last-modified'] ?? '') };
    const code = /<Code>(\w+)<\/Code>/.exec(body.toString('utf8', 0, 1_000))?.[1];
    if (code === 'NoSuchKey') return undefined;
    throw failed(code ?? `status ${status}`);
  };
}

/** An answer of what went wrong inside S3 is asked for once more, as is what did not come at all. */
async function patiently(get: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await get().catch((error: unknown): undefined => {
      // What took a second or two is not waited for again.
      if (tries === ATTEMPTS || nameOf(error) === 'ETIMEDOUT') throw error;
    });
    if (answer && (answer.status < 500 || tries === ATTEMPTS)) return answer;
    await setTimeout(Math.random() * LONGEST_WAIT_MS);
  }
}

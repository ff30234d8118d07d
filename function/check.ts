import { parseArn } from './aws/arn.ts';
import { nameOf } from './aws/aws-error.ts';
import { logGroupTags } from './aws/log-group.ts';
import { s3Objects } from './aws/objects.ts';
import { readSecret } from './aws/secret.ts';
import { type Config, loadConfig } from './config.ts';
import { lokiHeaders } from './credentials.ts';
import { PARKED } from './delivery/parked.ts';
import { type Answer, createPost } from './delivery/post.ts';
import { pushFailure, pushHeaders, pushUrl } from './delivery/push.ts';
import { LokiShipperError } from './errors.ts';
import { CATALOGUE_KEY, Catalogue } from './labels/catalogue.ts';
import { VERSION } from './version.ts';

/** What the shipper finds when it looks at all that it needs. */
export interface CheckResult {
  /** Of its code. */
  readonly version: string;
  /** Its clock, in milliseconds since 1970. */
  readonly now: number;
  /** Whether Loki takes pushes with these credentials. */
  readonly loki: LokiCheck;
  /** Whether it may read the tags of log groups. */
  readonly tags: PartCheck;
  /** Whether it reaches the bucket. */
  readonly bucket: PartCheck;
  readonly catalogue: CatalogueCheck;
}

export interface PartCheck {
  /** What is wrong, in one sentence; null for nothing. */
  readonly error: string | null;
  /** Milliseconds that it took. */
  readonly ms: number;
}

export interface LokiCheck extends PartCheck {
  readonly host: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  /** How far Loki's clock is ahead of the shipper's, in milliseconds, give or take a second; null when it does not say. */
  readonly clockSkewMs: number | null;
}

export interface CatalogueCheck extends PartCheck {
  /** Null when there is no catalogue. */
  readonly groups: number | null;
}

/** No retries: who asks wants to know how it is now. */
const ATTEMPTS = 1;
const TIMEOUT_MS = 8_000;

/** A push without streams: the empty message of protobuf, compressed with snappy. */
const NO_STREAMS = Buffer.of(0);

/**
 * Looks at all that the shipper needs, all at once, and changes nothing.
 * @throws InvalidConfig
 */
export async function check(env: NodeJS.ProcessEnv, functionArn: string): Promise<CheckResult> {
  const config = loadConfig(env);
  const place = parseArn(functionArn);
  const objects = s3Objects(config.bucket, place.region);
  const [own = ''] = config.ownLogGroups;

  const [loki, tags, bucket, catalogue] = await Promise.all([
    checkLoki(config),
    timed(async () => {
      const reading = logGroupTags(functionArn, ATTEMPTS).read(own, AbortSignal.timeout(TIMEOUT_MS));
      await reading.catch((error: unknown) => {
        throw new TagsUnreadable(own, nameOf(error));
      });
    }),
    timed(() => objects.list(PARKED)),
    timed(async () => {
      const body = await objects.get(CATALOGUE_KEY);
      return body ? countOf(Catalogue.read(body, place)) : null;
    }),
  ]);
  return {
    version: VERSION,
    now: Date.now(),
    loki,
    tags: partOf(tags),
    bucket: partOf(bucket),
    catalogue: { ...partOf(catalogue), groups: catalogue.value ?? null },
  };
}

/** The tags of a log group cannot be read. */
export class TagsUnreadable extends LokiShipperError {
  override readonly name = 'TagsUnreadable';
  constructor(logGroup: string, reason: string) {
    super(`logs:ListTagsForResource failed with ${reason} for ${logGroup}.`);
  }
}

/**
 * Asks Loki to store nothing, which it looks at only after it has let the caller in: then Loki 3 says that a stream is
 * missing, and older ones that it is done. Credentials that may only write need no more for it.
 */
async function checkLoki({ lokiUrl, secrets }: Config): Promise<LokiCheck> {
  const url = pushUrl(lokiUrl);
  let answer: Answer | undefined;
  let clockSkewMs: number | null = null;
  const part = await timed(async () => {
    const headers = await lokiHeaders(secrets, readSecret)(true);
    const start = Date.now();
    const result = await createPost(url)(NO_STREAMS, pushHeaders(headers), TIMEOUT_MS);
    if ('status' in result) {
      answer = result;
      clockSkewMs = skewOf(result, (start + Date.now()) / 2);
    }
    if (!('status' in result) || !isOfLoki(result)) throw pushFailure(url.host, result, 1);
  });
  return { ...partOf(part), host: url.host, status: answer?.status ?? null, clockSkewMs };
}

/** A page of something else, of status 200, is none. */
function isOfLoki({ status, text }: Answer): boolean {
  return (
    status === 204 ||
    (status === 200 && text.trim() === '') ||
    (status === 422 && /at least one valid stream is required/.test(text))
  );
}

/** The header has whole seconds, the rest cut off. @param at when it was written, in milliseconds since 1970 */
function skewOf({ date = '' }: Answer, at: number): number | null {
  const theirs = Date.parse(date);
  return Number.isNaN(theirs) ? null : Math.round(theirs + 500 - at);
}

interface Timed<T> extends PartCheck {
  readonly value?: T;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const start = Date.now();
  try {
    const value = await work();
    return { value, error: null, ms: Date.now() - start };
  } catch (error) {
    if (!(error instanceof LokiShipperError)) throw error;
    return { error: error.message, ms: Date.now() - start };
  }
}

function partOf({ error, ms }: PartCheck): PartCheck {
  return { error, ms };
}

function countOf(catalogue: Catalogue): number {
  let groups = 0;
  for (const _ of catalogue.groups()) groups++;
  return groups;
}

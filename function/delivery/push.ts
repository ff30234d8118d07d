import { setTimeout } from 'node:timers/promises';
import { LokiShipperError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { backoff } from './backoff.ts';
import { type Answer, createPost, type NoAnswer } from './post.ts';
import { verdictOf } from './verdict.ts';

export interface PusherProps {
  /** Base URL of Loki; the path of its push API is appended. */
  readonly url: string;
  /**
   * The headers that authenticate and name the tenant. It is called for each push, so it should keep what it has read,
   * and with `refresh` to read it anew, when Loki refused the credentials.
   */
  readonly headers: (refresh: boolean) => Promise<Readonly<Record<string, string>>>;
  /** How long one request may take, with its answer. Default: 10,000. */
  readonly requestTimeoutMs?: number;
  /** Waits before a retry. Default: a timer. */
  readonly delay?: (ms: number) => Promise<unknown>;
  /** From 0 to 1, spreads the retries. Default: Math.random. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

export interface PushLimits {
  /** How many entries are in the body. */
  readonly count: number;
  /** Milliseconds since 1970 at which it must be done. */
  readonly deadline: number;
  /** Counts requests, retries, bytes and time. */
  readonly ledger: Ledger;
}

/**
 * Sends one push to Loki, with retries.
 *
 * @param body as encodePushes makes it
 * @returns undefined when all of it is stored; else why Loki refuses some of it or all, now and later
 * @throws PushFailed or LokiUnreachable when nobody knows whether it is stored
 */
export type SendPush = (body: Uint8Array, limits: PushLimits) => Promise<Refusal | undefined>;

/** Loki takes a push never, or only parts of it. */
export interface Refusal {
  readonly kind: 'some' | 'whole' | 'all' | 'mend';
  /** Loki's own name for it, for example `too_far_behind`. */
  readonly reason: string;
  /** What Loki said, its first line cut. */
  readonly said: string;
}

/** Loki, or a proxy before it, answered that it did not store a push, for a reason that is not in the push. */
export class PushFailed extends LokiShipperError {
  override readonly name = 'PushFailed';
  readonly status: number;

  constructor(host: string, { status, text }: Answer, tries: number) {
    const isRedirect = status >= 300 && status < 400;
    const reason = isRedirect ? 'redirects are not followed, set loki_url to where it leads' : firstLine(text);
    super(`Loki at ${host} did not take a push: status ${status}${after(tries)}${reason && `: ${reason}`}.`);
    this.status = status;
  }
}

/** No answer came from Loki. */
export class LokiUnreachable extends LokiShipperError {
  override readonly name = 'LokiUnreachable';
  /** @param code of Node, for example ECONNREFUSED */
  constructor(host: string, code: string, tries: number) {
    super(`Loki at ${host} is unreachable: ${code}${after(tries)}.`);
  }
}

/** Makes the function that pushes to one Loki, over connections that are kept between pushes and invocations. */
export function createPusher(props: PusherProps): SendPush {
  const { headers, requestTimeoutMs = 10_000, delay = setTimeout, random = Math.random, now = Date.now } = props;
  const url = pushUrl(props.url);
  const post = createPost(url);

  return async (body, { count, deadline, ledger }) => {
    let credentials = await headers(false);
    let refreshed = false;
    let retries = 0;
    for (let tries = 0; ; ) {
      const start = now();
      const left = deadline - start;
      if (left <= 0) throw new LokiUnreachable(url.host, 'no time left', tries);
      if (tries++ > 0) ledger.retries++;
      ledger.pushes++;
      ledger.bytes += body.length;
      const result = await post(body, pushHeaders(credentials), Math.min(requestTimeoutMs, left));
      ledger.lokiMs += now() - start;

      if ('code' in result && result.stale) continue;
      if ('status' in result && (result.status === 401 || result.status === 403) && !refreshed) {
        refreshed = true;
        credentials = await headers(true);
        continue;
      }
      const verdict = verdictOf(result, count);
      if (verdict.kind === 'stored') return undefined;
      if ('reason' in verdict && 'text' in result) return { ...verdict, said: firstLine(result.text) };
      const wait = backoff(retries++, random(), 'status' in result ? result.retryAfter : undefined, now());
      if (verdict.kind === 'fail' || now() + wait >= deadline) throw pushFailure(url.host, result, tries);
      await delay(wait);
    }
  };
}

/** @param base URL of Loki, without a slash at its end */
export function pushUrl(base: string): URL {
  return new URL(`${base}/loki/api/v1/push`);
}

/** @param credentials the headers that authenticate and name the tenant */
export function pushHeaders(credentials: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...credentials, 'Content-Type': 'application/x-protobuf', 'User-Agent': 'loki-shipper' };
}

/** What to say of a push that was not stored, after so many tries. */
export function pushFailure(host: string, result: Answer | NoAnswer, tries: number): PushFailed | LokiUnreachable {
  return 'status' in result ? new PushFailed(host, result, tries) : new LokiUnreachable(host, result.code, tries);
}

function after(tries: number): string {
  return tries === 1 ? '' : ` after ${tries} tries`;
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.replace(/\p{C}/gu, '').trim().slice(0, 200);
}

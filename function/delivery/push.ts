import { setTimeout } from 'node:timers/promises';
import { LokiShipperError } from '../errors.ts';
import { backoff } from './backoff.ts';
import { type Answer, createPost, type NoAnswer } from './post.ts';

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
}

/**
 * Stores one push in Loki, with retries.
 *
 * @param body as encodePushes makes it
 * @param deadline milliseconds since 1970 at which it must be done
 * @throws PushRefused or LokiUnreachable
 */
export type Push = (body: Uint8Array, deadline: number) => Promise<void>;

/** Loki, or a proxy before it, answered that it did not store a push. */
export class PushRefused extends LokiShipperError {
  override readonly name = 'PushRefused';
  readonly status: number;

  constructor(host: string, { status, text }: Answer, tries: number) {
    const reason = firstLine(text);
    super(`Loki at ${host} refused a push with status ${status}${after(tries)}${reason && `: ${reason}`}.`);
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

/** What may be over a moment later. Other codes say that something is set up wrongly, for example a certificate. */
const PASSING = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Makes the function that pushes to one Loki, over connections that are kept between pushes and invocations. */
export function createPusher(props: PusherProps): Push {
  const { headers, requestTimeoutMs = 10_000, delay = setTimeout, random = Math.random } = props;
  const url = new URL(`${props.url}/loki/api/v1/push`);
  const post = createPost(url);

  return async (body, deadline) => {
    let credentials = await headers(false);
    let refreshed = false;
    let retries = 0;
    for (let tries = 0; ; ) {
      const left = deadline - Date.now();
      if (left <= 0) throw new LokiUnreachable(url.host, 'no time left', tries);
      const result = await post(body, withOwn(credentials), Math.min(requestTimeoutMs, left));
      tries++;
      if (isStored(result)) return;

      if ('code' in result && result.stale) continue;
      if ('status' in result && (result.status === 401 || result.status === 403) && !refreshed) {
        refreshed = true;
        credentials = await headers(true);
        continue;
      }
      const wait = backoff(retries++, random(), 'status' in result ? result.retryAfter : undefined, Date.now());
      if (!mayPass(result) || Date.now() + wait >= deadline) throw failure(url.host, result, tries);
      await delay(wait);
    }
  };
}

function withOwn(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...headers, 'Content-Type': 'application/x-protobuf', 'User-Agent': 'loki-shipper' };
}

/** Other 2xx are failures: Loki says 260 when an operator has blocked ingestion. */
function isStored(result: Answer | NoAnswer): boolean {
  return 'status' in result && (result.status === 204 || result.status === 200);
}

function mayPass(result: Answer | NoAnswer): boolean {
  return 'status' in result ? result.status === 429 || result.status >= 500 : PASSING.has(result.code);
}

function failure(host: string, result: Answer | NoAnswer, tries: number): PushRefused | LokiUnreachable {
  return 'status' in result ? new PushRefused(host, result, tries) : new LokiUnreachable(host, result.code, tries);
}

function after(tries: number): string {
  return tries === 1 ? '' : ` after ${tries} tries`;
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.replace(/\p{C}/gu, '').trim().slice(0, 200);
}

import { nameOf } from '../../function/aws/aws-error.ts';
import { FunctionFailed, InvocationFailed } from '../../function/aws/invoke.ts';
import { CallFailed } from '../aws/call-failed.ts';
import type { Surroundings } from '../surroundings.ts';

export interface PaceProps extends Pick<Surroundings, 'now' | 'wait' | 'signal'> {
  /** Milliseconds from one call to the next one, while all is well. */
  readonly leastMs: number;
  /** How often a call is made that fails for a passing reason. */
  readonly attempts: number;
}

/** After a call that was throttled, at least and at most this long until the next one. */
const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** How much shorter the time between calls becomes with each one that succeeds. */
const RECOVERY = 0.8;

/** What is over a moment later, by AWS's names and those of Node. */
const PASSING = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'EC2ThrottledException',
  'ResourceConflictException',
  'ServiceUnavailableException',
  'ServiceException',
  'InternalFailure',
  'InternalServerError',
  'TimeoutError',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Makes calls not more often than AWS allows, less often when it says so, and again those that fail in passing. */
export class Pace {
  readonly #props: PaceProps;
  #intervalMs: number;
  /** Milliseconds since 1970. */
  #next = 0;

  constructor(props: PaceProps) {
    this.#props = props;
    this.#intervalMs = props.leastMs;
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    const { leastMs, attempts, now } = this.#props;
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      try {
        const result = await work();
        this.#intervalMs = Math.max(leastMs, Math.floor(this.#intervalMs * RECOVERY));
        return result;
      } catch (error) {
        if (attempt === attempts || !isPassing(error)) throw error;
        this.#intervalMs = Math.min(LONGEST_MS, Math.max(FIRST_MS, this.#intervalMs * 2));
        this.#next = now() + this.#intervalMs;
      }
    }
  }

  async #turn(): Promise<void> {
    const { now, wait, signal } = this.#props;
    signal.throwIfAborted();
    const start = Math.max(now(), this.#next);
    this.#next = start + this.#intervalMs;
    if (start > now()) await wait(start - now(), signal);
  }
}

/** A function that failed may succeed as Lambda's retries do: Loki was away, or slow. */
function isPassing(error: unknown): boolean {
  if (error instanceof CallFailed || error instanceof InvocationFailed) return PASSING.has(error.reason);
  return error instanceof FunctionFailed || PASSING.has(nameOf(error));
}

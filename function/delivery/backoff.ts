const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * How long to wait before a retry: random, up to a limit that doubles each time, so that many shippers do not come back
 * at once (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/), and at least as long as
 * the server asks for.
 *
 * @param retry 0 for the first one
 * @param random from 0 to 1
 * @param retryAfter the header Retry-After: seconds or a date
 * @param now milliseconds since 1970
 * @returns milliseconds
 */
export function backoff(retry: number, random: number, retryAfter: string | undefined, now: number): number {
  return Math.max(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** retry), asked(retryAfter, now));
}

function asked(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - now : seconds * 1000;
  return Math.max(0, ms || 0); // Not a number for a date that is none.
}

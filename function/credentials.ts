import type { SecretArns } from './config.ts';
import { LokiShipperError } from './errors.ts';

export class BadCredentials extends LokiShipperError {
  override readonly name = 'BadCredentials';
  constructor(arn: string, right: string) {
    super(`The secret ${arn} must hold ${right}.`);
  }
}

const REFRESH_MS = 5 * 60_000;

type LokiHeaders = Readonly<Record<string, string>>;

/**
 * The headers that authenticate to Loki and name the tenant, from secrets that are read at first use and again after
 * five minutes, or at once when asked to: a rotated secret needs no deployment. When the reading after five minutes
 * fails, the headers that are known stay in use.
 *
 * @param read gives the value of a secret by its ARN
 * @param now milliseconds. Default: Date.now
 */
export function lokiHeaders(
  { basicAuth, bearerToken, tenant }: SecretArns,
  read: (arn: string) => Promise<string>,
  now: () => number = Date.now,
): (refresh: boolean) => Promise<LokiHeaders> {
  let known: { readonly headers: LokiHeaders; readonly readAt: number } | undefined;
  let reading: Promise<LokiHeaders> | undefined;

  const readAll = async (): Promise<LokiHeaders> => ({
    ...(basicAuth && { Authorization: basic(basicAuth, await read(basicAuth)) }),
    ...(bearerToken && { Authorization: `Bearer ${header(bearerToken, await read(bearerToken))}` }),
    ...(tenant && { 'X-Scope-OrgID': header(tenant, await read(tenant)) }),
  });

  return async (refresh) => {
    if (known && !refresh && now() - known.readAt < REFRESH_MS) return known.headers;
    // Pushes that ask at the same time share one reading.
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    const headers = await reading.catch((error: unknown) => {
      if (!known || refresh) throw error;
      return known.headers;
    });
    known = { headers, readAt: now() };
    return headers;
  };
}

function basic(arn: string, secret: string): string {
  const pair = secret.trimStart().startsWith('{') ? fromJson(secret) : secret.trim();
  if (!pair?.includes(':')) throw new BadCredentials(arn, '"username:password", or JSON with username and password');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function fromJson(secret: string): string | undefined {
  try {
    const { username, password } = JSON.parse(secret);
    return typeof username === 'string' && typeof password === 'string' ? `${username}:${password}` : undefined;
  } catch {
    return undefined;
  }
}

/** A secret that is sent as it is, in a header. */
function header(arn: string, secret: string): string {
  const value = secret.trim();
  if (!/^[\x21-\x7e]+$/.test(value)) throw new BadCredentials(arn, 'one word of printable ASCII characters');
  return value;
}

import { LokiShipperError } from '../function/errors.ts';

/** Reads from Loki with the rights of whoever runs the command. Each call throws LokiNotRead. */
export interface LokiReader {
  readonly host: string;
  /** Whether a query finds lines. @param from milliseconds since 1970 */
  hasLines(logql: string, from: number, signal: AbortSignal): Promise<boolean>;
  /** The text of Loki's configuration; undefined where it is not told. */
  configuration(signal: AbortSignal): Promise<string | undefined>;
}

/** Loki could not be read from here. */
export class LokiNotRead extends LokiShipperError {
  override readonly name = 'LokiNotRead';
  constructor(host: string, reason: string) {
    super(`Loki at ${host} could not be read from here: ${reason}.`);
  }
}

const TIMEOUT_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

/**
 * By the variables of logcli: LOKI_ADDR, and as need be LOKI_USERNAME and LOKI_PASSWORD, LOKI_BEARER_TOKEN, LOKI_ORG_ID
 * (https://grafana.com/docs/loki/latest/query/logcli/). They are no options: other users of a machine see those.
 *
 * @returns undefined without LOKI_ADDR
 * @throws LokiNotRead when that is no URL
 */
export function lokiReader(env: Readonly<NodeJS.ProcessEnv>): LokiReader | undefined {
  const { LOKI_ADDR: address } = env;
  if (!address) return undefined;
  if (!/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
    throw new LokiNotRead(address, 'LOKI_ADDR must be a URL such as https://loki.example.com');
  const base = address.replace(/\/+$/, '');
  const { host } = new URL(base);
  const headers = headersOf(env);

  const get = async (path: string, signal: AbortSignal): Promise<Response> => {
    const either = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      return await fetch(`${base}${path}`, { headers, signal: either });
    } catch (error) {
      signal.throwIfAborted();
      throw new LokiNotRead(host, reasonOf(error));
    }
  };
  return {
    host,
    async hasLines(query, from, signal) {
      const range = { start: String(from * 1e6), end: String((from + DAY_MS) * 1e6) };
      const response = await get(
        `/loki/api/v1/query_range?${new URLSearchParams({ query, limit: '1', ...range })}`,
        signal,
      );
      if (!response.ok) throw new LokiNotRead(host, `status ${response.status}`);
      const { data } = (await response.json()) as { readonly data: { readonly result: readonly unknown[] } };
      return data.result.length > 0;
    },
    async configuration(signal) {
      const response = await get('/config', signal);
      return response.ok ? response.text() : undefined;
    },
  };
}

function headersOf(env: Readonly<NodeJS.ProcessEnv>): Readonly<Record<string, string>> {
  const { LOKI_USERNAME = '', LOKI_PASSWORD = '', LOKI_BEARER_TOKEN: token, LOKI_ORG_ID: tenant } = env;
  const basic = LOKI_USERNAME && `Basic ${Buffer.from(`${LOKI_USERNAME}:${LOKI_PASSWORD}`).toString('base64')}`;
  const authorization = token ? `Bearer ${token}` : basic;
  return { ...(authorization && { authorization }), ...(tenant && { 'x-scope-orgid': tenant }) };
}

/** fetch hides Node's code in the cause. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as Error;
  const { code, name, message } = Object(cause);
  if (typeof code === 'string') return code;
  return name === 'Error' ? String(message) : String(name);
}

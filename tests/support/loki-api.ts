import type { Loki } from '../../tools/local/loki.ts';

/** The number that a metric query has for now; 0 when it finds nothing. */
export async function numberOf({ url }: Pick<Loki, 'url'>, logql: string): Promise<number> {
  const response = await fetch(`${url}/loki/api/v1/query?${new URLSearchParams({ query: logql })}`);
  if (!response.ok) throw new Error(`Loki does not answer ${logql}: ${response.status} ${await response.text()}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.reduce((sum, { value }) => sum + Number(value[1]), 0);
}

/** Pushes lines of one stream. @returns the status, and what Loki says */
export async function pushLines(
  { url }: Pick<Loki, 'url'>,
  service: string,
  lines: readonly (readonly [milliseconds: number, line: string])[],
): Promise<{ readonly status: number; readonly text: string }> {
  const values = lines.map(([milliseconds, line]) => [`${milliseconds}000000`, line]);
  const response = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams: [{ stream: { service_name: service }, values }] }),
  });
  return { status: response.status, text: await response.text() };
}

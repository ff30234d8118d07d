import type { Span } from './interpolate.ts';

/** What Loki answers, by the type of the query. */
export type Answer =
  | { readonly resultType: 'streams'; readonly result: readonly { readonly values: readonly [string, string][] }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly (Series & { readonly values: readonly Sample[] })[] }
  | { readonly resultType: 'vector'; readonly result: readonly (Series & { readonly value: Sample })[] };

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
}
export type Sample = readonly [seconds: number, value: string];

/** A query over time, as a panel asks it. */
export function askOverTime(url: string, query: string, { from, to, step }: Span): Promise<Answer> {
  const start = Math.floor(from / 1_000 / step) * step;
  return ask(url, 'query_range', { query, start: `${start}`, end: `${Math.ceil(to / 1_000)}`, step: `${step}` });
}

/** A query of one moment, as a panel or a rule asks it. @param at milliseconds since 1970 */
export function askOnce(url: string, query: string, at: number): Promise<Answer> {
  return ask(url, 'query', { query, time: `${Math.ceil(at / 1_000)}` });
}

/** The values of a label in the streams that a selector finds. */
export async function labelValues(url: string, label: string, query: string, { from, to }: Span): Promise<string[]> {
  const parameters = new URLSearchParams({ query, start: `${from * 1e6}`, end: `${to * 1e6}` });
  const response = await fetch(`${url}/loki/api/v1/label/${label}/values?${parameters}`);
  if (!response.ok) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data?: string[] }).data ?? [];
}

async function ask(url: string, path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${url}/loki/api/v1/${path}?${new URLSearchParams({ limit: '1000', ...parameters })}`);
  if (!response.ok) throw new Error(`${parameters.query}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: Answer }).data;
}

import type { Answer, NoAnswer } from './post.ts';

/**
 * What an answer means for the entries of a push of one stream, by Loki's source (v3.7.6, pkg/validation/validate.go,
 * pkg/distributor, pkg/ingester):
 * - `stored`: all of them are.
 * - `retry`: none is, or nobody knows; it may be over a moment later.
 * - `some`: some are refused, and the others are stored.
 * - `whole`: none is stored, but parts of the push may be accepted.
 * - `all`: all of them are refused, and would be in parts as well.
 * - `mend`: the structured metadata that they have in common is refused; without it they may be stored.
 * - `fail`: nothing about the entries: the shipper or Loki is set up wrongly, or Loki is full.
 */
export type Verdict =
  | { readonly kind: 'stored' | 'retry' | 'fail' }
  | { readonly kind: 'some' | 'whole' | 'all' | 'mend'; readonly reason: string };

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

/** Of statuses that are neither Loki's nor 5xx, those of a proxy that is busy: 408 Request Timeout, 425 Too Early. */
const PASSING_STATUSES = new Set([408, 425, 429]);
/** 413 is a proxy's or Loki's for a large body, 422 Loki's for one without streams. */
const REFUSING_STATUSES = new Set([400, 413, 422]);

/** Refusals of entries, by Loki's own names for them (`loki_discarded_samples_total`). */
const OF_ENTRIES: readonly Rule[] = [
  [/has timestamp too old: /, 'greater_than_max_sample_age'],
  [/has timestamp too new: /, 'too_far_in_future'],
  [/max entry size '\d+' bytes exceeded/, 'line_too_long'],
  [/entry too far behind/, 'too_far_behind'],
];

/** Refusals of structured metadata. */
const OF_METADATA: readonly Rule[] = [
  [/has structured metadata too large: /, 'structured_metadata_too_large'],
  [/has too many structured metadata labels: /, 'structured_metadata_too_many'],
  [/includes structured metadata, but this feature is disallowed/, 'disallowed_structured_metadata'],
  [/label name is empty|normalization for label name/, 'invalid_structured_metadata'],
];

/** Refusals of the stream's labels. */
const OF_LABELS: readonly Rule[] = [
  [/has \d+ label names; limit \d+/, 'max_label_names_per_series'],
  [/has label name too long: /, 'label_name_too_long'],
  [/has label value too long: /, 'label_value_too_long'],
  [/has duplicate label name: /, 'duplicate_label_names'],
  [/^couldn't parse labels: |error parsing labels '/, 'invalid_labels'],
  [/error at least one label pair is required per stream/, 'missing_labels'],
  [/missing required labels '/, 'missing_enforced_labels'],
];

/** Refusals of the size of a push. */
const OF_SIZE =
  /received message larger than max|compressed message size \d+ exceeds limit|message size too large than max|request body too large/;

type Rule = readonly [text: RegExp, reason: string];

/** @param count of the entries in the push */
export function verdictOf(result: Answer | NoAnswer, count: number): Verdict {
  if ('code' in result) return { kind: PASSING.has(result.code) ? 'retry' : 'fail' };
  const { status, text } = result;
  if (status === 204 || status === 200) return { kind: 'stored' };
  const mend = status === 400 || status === 500 ? find(OF_METADATA, text) : undefined;
  if (mend) return { kind: 'mend', reason: mend };
  if (REFUSING_STATUSES.has(status)) return refusal(result, count);
  if (status >= 500 && OF_SIZE.test(text)) return { kind: 'whole', reason: 'too_large' };
  if (status === 429) return throttling(text, count);
  return { kind: status >= 500 || PASSING_STATUSES.has(status) ? 'retry' : 'fail' };
}

function refusal({ status, text }: Answer, count: number): Verdict {
  const labels = find(OF_LABELS, text);
  if (labels) return { kind: 'all', reason: labels };
  if (status === 413 || OF_SIZE.test(text)) return { kind: 'whole', reason: 'too_large' };
  const entries = find(OF_ENTRIES, text);
  if (entries) return { kind: refusedCount(text) === count ? 'all' : 'some', reason: entries };
  return { kind: 'whole', reason: 'bad_request' };
}

/** A push that alone is more than Loki takes in a second may never fit its burst. A full Loki stays full for long. */
function throttling(text: string, count: number): Verdict {
  if (/maximum active stream limit exceeded/.test(text)) return { kind: 'fail' };
  const [, limit, size] =
    /ingestion rate limit exceeded .*\(limit: (\d+) bytes\/sec\).* totaling '(\d+)' bytes/.exec(text) ?? [];
  if (count > 1 && Number(size) > Number(limit)) return { kind: 'whole', reason: 'rate_limited' };
  return { kind: 'retry' };
}

/**
 * How many entries an answer says were refused. The ingester says `total ignored: 2 out of 9`, the distributor
 * `3 errors like: …; 1 errors like: …`, or the text alone for a single entry.
 */
function refusedCount(text: string): number {
  const ignored = /total ignored: (\d+) out of \d+ for stream/.exec(text)?.[1];
  if (ignored) return Number(ignored);
  const groups = Array.from(text.matchAll(/(?:^|; )(\d+) errors like: /g), ([, n]) => Number(n));
  return groups.length > 0 ? groups.reduce((sum, n) => sum + n) : 1;
}

function find(rules: readonly Rule[], text: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(text))?.[1];
}

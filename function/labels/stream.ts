import type { Origin } from '../delivery/decode.ts';
import type { Stream } from '../delivery/encode.ts';
import { cutText } from '../text.ts';
import { labelName } from './label-name.ts';
import { quote } from './logql.ts';
import type { LabelPolicy } from './policy.ts';

/** Where the lines of a delivery come from. */
export interface Source extends Origin {
  readonly region: string;
}

/** A stream, and what of the tags did not fit into it. */
export interface LabelledStream extends Stream {
  /** Values of labels that were longer than Loki takes. */
  readonly labelValuesCut: number;
  /** Tags that are no metadata, because Loki would refuse the name, or their number or size. */
  readonly metadataLeftOut: number;
}

export type Tags = Readonly<Record<string, string>>;

/** Loki's default limit (`max_label_names_per_series`); a stream with more is refused. */
const MAX_LABELS = 15;
/** Loki's default limit (`max_label_value_length`). */
const MAX_VALUE_BYTES = 2048;
/**
 * Loki's default limits (`max_structured_metadata_entries_count`, `max_structured_metadata_size`), less what a line may
 * have of its own: the time that it had.
 */
const MAX_METADATA = 128 - 1;
const MAX_METADATA_BYTES = 64 * 1024 - 64;

/**
 * What is left of a key without a letter or digit that Loki takes, for example of `名前`. One such name in the structured
 * metadata makes Loki 3.7 refuse the push with status 500, each time ("normalization … resulted in invalid name").
 */
const NO_NAME = '_';

/**
 * The labels and the structured metadata of all lines of a delivery.
 *
 * Labels: service_name, log_group, account_id, region, the static ones by name, the chosen tags in the order of the
 * policy. A name that is taken already, an empty value and what is over 15 gives none.
 * Structured metadata: log_stream, then every other tag by its key, with the same rules for names. A tag whose key has no
 * letter or digit of ASCII is left out, and what is over Loki's limits.
 */
export function streamOf(source: Source, tags: Tags, policy: LabelPolicy): LabelledStream {
  const labels = new Map<string, string>();
  const used = new Set<string>();
  let labelValuesCut = 0;
  const add = (name: string, value: string | undefined): boolean => {
    if (!value || labels.has(name) || labels.size === MAX_LABELS) return false;
    const fitting = cutText(value, MAX_VALUE_BYTES);
    if (fitting !== value) labelValuesCut++;
    labels.set(name, fitting);
    return true;
  };

  add('service_name', lastSegment(source.logGroup));
  add('log_group', source.logGroup);
  add('account_id', source.owner);
  add('region', source.region);
  for (const name of Object.keys(policy.static).sort()) add(name, policy.static[name]);
  for (const key of policy.fromTags) if (add(labelName(key), tagOf(tags, key))) used.add(key);

  return { labels: selector(labels), labelValuesCut, ...metadataOf(source.logStream, tags, labels, used) };
}

/** Tags of AWS's own (`aws:cloudformation:stack-name` and the like) are left out: nobody put them there to be read. */
function metadataOf(logStream: string, tags: Tags, labels: ReadonlyMap<string, string>, used: ReadonlySet<string>) {
  const metadata = new Map<string, string>();
  let metadataLeftOut = 0;
  let bytes = 0;
  const add = (name: string, value: string | undefined) => {
    if (!value || labels.has(name) || metadata.has(name)) return;
    const size = name.length + Buffer.byteLength(value);
    if (name === NO_NAME || metadata.size === MAX_METADATA || bytes + size > MAX_METADATA_BYTES) {
      metadataLeftOut++;
      return;
    }
    bytes += size;
    metadata.set(name, value);
  };
  add('log_stream', logStream);
  for (const key of Object.keys(tags).sort())
    if (!used.has(key) && !key.startsWith('aws:')) add(labelName(key), tagOf(tags, key));
  return { metadata: [...metadata], metadataLeftOut };
}

function tagOf(tags: Tags, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

/** What comes after the last slash: the module computes the same for its outputs. */
function lastSegment(logGroup: string): string {
  return logGroup.slice(logGroup.lastIndexOf('/') + 1);
}

function selector(labels: ReadonlyMap<string, string>): string {
  return `{${Array.from(labels, ([name, value]) => `${name}=${quote(value)}`).join(', ')}}`;
}

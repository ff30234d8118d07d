import type { Origin } from '../delivery/decode.ts';
import type { Stream } from '../delivery/encode.ts';
import { type GroupRules, rulesFor } from './group-rules.ts';
import { AWS } from './key-pattern.ts';
import { NO_NAME } from './label-name.ts';
import { type Label, type Labels, labelsOf, tagOf } from './labels-of.ts';
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
  /** Tags that a rule chose and that did not become labels. */
  readonly labelsLeftOut: number;
  /** Tags that are no metadata, because another has the name, or because Loki would refuse it, or their number or size. */
  readonly metadataLeftOut: number;
}

export type Tags = Readonly<Record<string, string>>;

/**
 * Loki's default limits (`max_structured_metadata_entries_count`, `max_structured_metadata_size`), less what a line may
 * have of its own: the time that it had.
 */
const MAX_METADATA = 128 - 1;
const MAX_METADATA_BYTES = 64 * 1024 - 64;

/**
 * The labels (labels-of.ts) and the structured metadata of all lines of a delivery. The metadata is log_stream, then every
 * tag that is neither a label nor dropped by the policy, by its key, with the same rules for names. A tag whose key has
 * no letter or digit of ASCII is left out, and what is over Loki's limits.
 */
export function streamOf(source: Source, tags: Tags, policy: LabelPolicy): LabelledStream {
  const { labels, used, leftOut, valuesCut } = labelsOf(source, tags, policy);
  const metadata = metadataOf(source.logStream, tags, { labels, used }, rulesFor(source.logGroup, policy));
  return { labels: selector(labels), labelValuesCut: valuesCut, labelsLeftOut: leftOut.length, ...metadata };
}

/** Tags of AWS's own (`aws:cloudformation:stack-name` and the like) are left out: nobody put them there to be read. */
function metadataOf(
  logStream: string,
  tags: Tags,
  { labels, used }: Pick<Labels, 'labels' | 'used'>,
  rules: GroupRules,
) {
  const names = new Set(labels.map(({ name }) => name));
  const metadata: [name: string, value: string][] = [];
  let metadataLeftOut = 0;
  let bytes = 0;
  const add = (name: string, value: string) => {
    if (!value) return;
    const size = name.length + Buffer.byteLength(value);
    const fits = metadata.length < MAX_METADATA && bytes + size <= MAX_METADATA_BYTES;
    if (!fits || name === NO_NAME || names.has(name)) {
      metadataLeftOut++;
      return;
    }
    bytes += size;
    names.add(name);
    metadata.push([name, value]);
  };
  add('log_stream', logStream);
  for (const key of Object.keys(tags).sort())
    if (!used.has(key) && !key.startsWith(AWS) && !rules.drops(key)) add(rules.nameOf(key), tagOf(tags, key));
  return { metadata, metadataLeftOut };
}

function selector(labels: readonly Label[]): string {
  return `{${labels.map(({ name, value }) => `${name}=${quote(value)}`).join(', ')}}`;
}

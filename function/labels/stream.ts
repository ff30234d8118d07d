import type { Stream } from '../delivery/encode.ts';
import { labelName } from './label-name.ts';
import { quote } from './logql.ts';
import type { LabelPolicy } from './policy.ts';

/** Where the lines of a delivery come from. */
export interface Source {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly region: string;
}

export type Tags = Readonly<Record<string, string>>;

/** Loki's default limit (`max_label_names_per_series`); a stream with more is refused. */
const MAX_LABELS = 15;

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
 * letter or digit of ASCII is left out.
 */
export function streamOf(source: Source, tags: Tags, policy: LabelPolicy): Stream {
  const labels = new Map<string, string>();
  const used = new Set<string>();
  const add = (name: string, value: string | undefined): boolean => {
    if (!value || labels.has(name) || labels.size === MAX_LABELS) return false;
    labels.set(name, value);
    return true;
  };

  add('service_name', lastSegment(source.logGroup));
  add('log_group', source.logGroup);
  add('account_id', source.owner);
  add('region', source.region);
  for (const name of Object.keys(policy.static).sort()) add(name, policy.static[name]);
  for (const key of policy.fromTags) if (add(labelName(key), tagOf(tags, key))) used.add(key);

  return { labels: selector(labels), metadata: metadataOf(source.logStream, tags, labels, used) };
}

/** Tags of AWS's own (`aws:cloudformation:stack-name` and the like) are left out: nobody put them there to be read. */
function metadataOf(logStream: string, tags: Tags, labels: ReadonlyMap<string, string>, used: ReadonlySet<string>) {
  const metadata = new Map<string, string>();
  const add = (name: string, value: string | undefined) => {
    if (value && name !== NO_NAME && !labels.has(name) && !metadata.has(name)) metadata.set(name, value);
  };
  add('log_stream', logStream);
  for (const key of Object.keys(tags).sort())
    if (!used.has(key) && !key.startsWith('aws:')) add(labelName(key), tagOf(tags, key));
  return [...metadata];
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

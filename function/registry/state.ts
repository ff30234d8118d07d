import { gunzipSync, gzipSync } from 'node:zlib';
import { LokiShipperError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Tags } from '../labels/stream.ts';
import type { Problem } from './answers.ts';
import type { Claim } from './claims.ts';
import type { Written } from './written.ts';

/** Where the registrar remembers what it did and saw. Only who holds the lease writes it. */
export const STATE_KEY = 'registry/state.json.gz';

export interface State {
  /** Name of the subscription filters; null before the first run. */
  filterName: string | null;
  /** What is known of log groups that are wanted, or were, by name. */
  readonly groups: Map<string, Entry>;
  /** Claims by key, as they were when their object had this ETag. */
  claims: ReadonlyMap<string, { readonly etag: string; readonly claim: Claim }>;
  /** Where the reading of all tags goes on; null at the beginning. */
  tagCursor: string | null;
  /** The name up to which known filters were verified, and up to which tags were read one by one. */
  verified: string;
  read: string;
  /** How many log groups the account had. */
  found: number;
  /** SHA-256 of the catalogue that was written, and its ETag once that is known. */
  catalogue: { readonly hash: string; readonly etag: string | null } | null;
  run: { readonly at: string; readonly remaining: number; readonly error: string | null } | null;
}

/** What is known of a log group. */
export interface Entry {
  /** Who put its filter; null when it has none, as far as is known. */
  readonly by: 'terraform' | 'registrar' | null;
  /** Of the filter; null when it has none, or was not looked at since something happened. */
  readonly filterPattern: string | null;
  /** Whether it is known to have the filter, or none. */
  readonly seen: boolean;
  /** Whether its filter was a resource of Terraform when it was last wanted. */
  readonly ofTerraform: boolean;
  /**
   * Until when it is looked at in each run, in milliseconds since 1970: Terraform may just be taking away the filter and
   * the tags of a group that somebody else still asks for.
   */
  readonly unsettledUntil: number;
  /** Null: not known. */
  readonly tags: Tags | null;
  /** When they were read from the group itself, in milliseconds since 1970; 0 for what came with those of all groups. */
  readonly readAt: number;
  /** The tags that the registrar wrote. */
  readonly written: Written;
  /** When the group was created, in milliseconds since 1970; null when that is not known. */
  readonly createdAt: number | null;
  readonly problem: { readonly problem: Problem; readonly message: string; readonly at: number } | null;
}

/** Nothing is known. */
export const UNKNOWN: Entry = {
  by: null,
  filterPattern: null,
  seen: false,
  ofTerraform: false,
  unsettledUntil: 0,
  tags: null,
  readAt: 0,
  written: {},
  createdAt: null,
  problem: null,
};

export function emptyState(): State {
  return {
    filterName: null,
    groups: new Map(),
    claims: new Map(),
    tagCursor: null,
    verified: '',
    read: '',
    found: 0,
    catalogue: null,
    run: null,
  };
}

/** The registrar's memory is of a newer version, or is no memory at all. */
export class InvalidState extends LokiShipperError {
  override readonly name = 'InvalidState';
  /** @param reason a clause */
  constructor(reason: string) {
    super(
      `${STATE_KEY} is of no use: ${reason}. Without it the registrar starts anew, and leaves filters and tags alone that it wrote before for groups that nobody asks for any more.`,
    );
  }
}

const VERSION = 1;

/** Fields of an entry that are as in UNKNOWN are left out. */
export function encodeState({ groups, claims, ...rest }: State): Buffer {
  const entries = Array.from(groups, ([name, entry]) => [name, entry] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => [name, known(entry)]);
  return gzipSync(JSON.stringify({ version: VERSION, ...rest, claims: [...claims], groups: entries }));
}

function known(entry: Entry): Partial<Entry> {
  const fields = Object.entries(entry).filter(
    ([name, value]) =>
      value !== UNKNOWN[name as keyof Entry] && !(name === 'written' && Object.keys(entry.written).length === 0),
  );
  return Object.fromEntries(fields);
}

/**
 * Its fields are as this version writes them: nobody else writes it.
 * @throws InvalidState
 */
export function decodeState(gz: Buffer): State {
  const value = parse(gz);
  if (!isObject(value)) throw new InvalidState('it is no gzip of a JSON object');
  if (value.version !== VERSION) throw new InvalidState(`its version is ${value.version}, and ${VERSION} is known`);
  const { version, groups, claims, ...rest } = value as unknown as State & {
    version: number;
    groups: Iterable<readonly [string, Partial<Entry>]>;
    claims: Iterable<readonly [string, { readonly etag: string; readonly claim: Claim }]>;
  };
  return {
    ...rest,
    claims: new Map(claims),
    groups: new Map(Array.from(groups, ([name, entry]) => [name, { ...UNKNOWN, ...entry }])),
  };
}

function parse(gz: Buffer): unknown {
  try {
    return JSON.parse(gunzipSync(gz).toString());
  } catch {
    return undefined;
  }
}

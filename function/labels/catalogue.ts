import { gzipSync } from 'node:zlib';
import { LokiShipperError } from '../errors.ts';
import { gunzip } from '../gunzip.ts';
import { isObject, isTextRecord, parseJson } from '../json.ts';
import type { Tags } from './stream.ts';

/** The account and the region whose log groups a catalogue has. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface CatalogueContent extends Place {
  /** Tags by name of a log group. */
  readonly groups: ReadonlyMap<string, Tags>;
}

/** Where the catalogue is in the bucket. */
export const CATALOGUE_KEY = 'registry/catalogue.ndjson.gz';

const VERSION = 1;
/** About 300,000 log groups with five tags. A shipper with 256 MB of memory can still hold it beside a delivery. */
const MAX_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** What should be a catalogue is damaged, of a newer version, too large, or of another account or region. */
export class InvalidCatalogue extends LokiShipperError {
  override readonly name = 'InvalidCatalogue';
  /** @param reason a clause */
  constructor(reason: string) {
    super(`The catalogue of log groups is of no use: ${reason}.`);
  }
}

/**
 * A catalogue as it is kept: gzip of a line that says what it is, then a line `["<log group>",{<tags>}]` for each group by
 * its name. The same content gives the same bytes: no time is in it.
 *
 * @throws InvalidCatalogue when it would be too large to be read
 */
export function encodeCatalogue({ account, region, groups }: CatalogueContent): Buffer {
  const lines = [JSON.stringify({ version: VERSION, account, region, groups: groups.size })];
  for (const [logGroup, tags] of sorted(groups)) lines.push(`${startOf(logGroup)}${encodeTags(tags)}]`);
  const text = Buffer.from(`${lines.join('\n')}\n`);
  if (text.length > MAX_BYTES) throw tooLarge();
  return gzipSync(text);
}

/** The tags of the log groups of an account and region. It is searched as bytes: only what is asked for is parsed. */
export class Catalogue {
  readonly #text: Buffer;

  private constructor(text: Buffer) {
    this.#text = text;
  }

  /**
   * @param place that it must be of
   * @throws InvalidCatalogue
   */
  static read(gz: Buffer, { account, region }: Place): Catalogue {
    const text = unpack(gz);
    const head = parseJson(text.toString('utf8', 0, Math.max(text.indexOf(NEWLINE), 0)));
    if (!isObject(head) || !Number.isInteger(head.version)) throw new InvalidCatalogue('its first line is not one');
    if (head.version !== VERSION) throw new InvalidCatalogue(`its version is ${head.version}, and ${VERSION} is known`);
    if (head.account !== account || head.region !== region)
      throw new InvalidCatalogue(`it is of another account or region than ${account} in ${region}`);
    if (text.at(-1) !== NEWLINE) throw new InvalidCatalogue('its last line is not whole');
    return new Catalogue(text);
  }

  /**
   * @returns undefined when it has no such log group
   * @throws InvalidCatalogue when the line of the group is damaged
   */
  tagsOf(logGroup: string): Tags | undefined {
    const before = this.#text.indexOf(`\n${startOf(logGroup)}`);
    return before < 0 ? undefined : this.#lineAt(before + 1)[1];
  }

  /**
   * The log groups by name, with their tags.
   * @throws InvalidCatalogue when a line is damaged
   */
  *groups(): Generator<readonly [string, Tags], void> {
    for (let at = this.#endOfLine(0) + 1; at < this.#text.length; at = this.#endOfLine(at) + 1) yield this.#lineAt(at);
  }

  #lineAt(start: number): readonly [string, Tags] {
    const line = parseJson(this.#text.toString('utf8', start, this.#endOfLine(start)));
    const [logGroup, tags] = Array.isArray(line) ? line : [];
    if (typeof logGroup !== 'string' || !isTextRecord(tags)) throw new InvalidCatalogue('a line of it is no log group');
    return [logGroup, tags];
  }

  #endOfLine(start: number): number {
    return this.#text.indexOf(NEWLINE, start);
  }
}

/** How the line of a group begins. A line break in a string of JSON has a backslash, so it begins nothing else. */
function startOf(logGroup: string): string {
  return `[${JSON.stringify(logGroup)},`;
}

/** By hand, because the keys of an object have an order of their own: numbers come first. */
function encodeTags(tags: Tags): string {
  const pairs = Object.entries(tags).sort(byKey);
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
}

function sorted(groups: ReadonlyMap<string, Tags>): [string, Tags][] {
  return [...groups].sort(byKey);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function unpack(gz: Buffer): Buffer {
  try {
    return gunzip(gz, MAX_BYTES);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : new InvalidCatalogue(`it is not valid gzip (${code})`);
  }
}

function tooLarge(): InvalidCatalogue {
  return new InvalidCatalogue(`it has more than ${MAX_BYTES} bytes`);
}

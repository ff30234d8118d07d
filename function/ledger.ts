/** What became of a delivery, for a caller that waits for it. CloudWatch does not. */
export interface DeliveryResult {
  readonly received: number;
  readonly partsAdded: number;
  readonly stored: number;
  readonly filtered: number;
  /** Reason → lines. */
  readonly parked: Readonly<Record<string, number>>;
}

/**
 * What became of the lines of one invocation, and what that cost. Every line that was received, and every part that
 * splitting added, ends in exactly one of: stored, filtered, parked, owed.
 */
export class Ledger {
  received = 0;
  stored = 0;
  /** Not shipped, by a rule. */
  filtered = 0;
  /** By Loki's reason. */
  readonly parked = new Map<string, number>();

  /** Lines that were split, and the lines that they became less one. */
  split = 0;
  partsAdded = 0;
  cut = 0;
  clamped = 0;
  /** Of the stream: label values that were cut, tags that were chosen and became no labels, and tags that became no metadata. */
  labelValuesCut = 0;
  labelsLeftOut = 0;
  metadataLeftOut = 0;
  /** Entries that were stored without the structured metadata that Loki refused. */
  metadataDropped = 0;
  tagLookupsFailed = 0;
  /** Readings of the catalogue that failed, catalogues that were not used, and the last reason for either. */
  catalogueReadsFailed = 0;
  cataloguesIgnored = 0;
  catalogueProblem: string | undefined = undefined;

  /** Requests to Loki, those of them that repeat one, the bytes that were sent, and the time until the answers. */
  pushes = 0;
  retries = 0;
  bytes = 0;
  lokiMs = 0;

  /** Milliseconds since 1970, of the events. */
  newest = Number.NEGATIVE_INFINITY;
  oldest = Number.POSITIVE_INFINITY;

  receive(events: readonly { readonly timestamp: number }[]): void {
    let { newest, oldest } = this;
    for (const { timestamp } of events) {
      if (timestamp > newest) newest = timestamp;
      if (timestamp < oldest) oldest = timestamp;
    }
    this.received += events.length;
    this.newest = newest;
    this.oldest = oldest;
  }

  park(reason: string, lines: number): void {
    this.parked.set(reason, (this.parked.get(reason) ?? 0) + lines);
  }

  result(): DeliveryResult {
    const { received, partsAdded, stored, filtered, parked } = this;
    return { received, partsAdded, stored, filtered, parked: Object.fromEntries(parked) };
  }

  /** The catalogue could not be read. */
  missCatalogue(error: unknown): void {
    this.catalogueReadsFailed++;
    this.catalogueProblem = String(error);
  }

  /** The catalogue was read, and is of no use. */
  ignoreCatalogue(error: unknown): void {
    this.cataloguesIgnored++;
    this.catalogueProblem = String(error);
  }

  get parkedInAll(): number {
    let sum = 0;
    for (const lines of this.parked.values()) sum += lines;
    return sum;
  }

  /** Lines that are nowhere yet: the invocation must fail, so that Lambda repeats it. */
  get owed(): number {
    return this.received + this.partsAdded - this.stored - this.filtered - this.parkedInAll;
  }
}

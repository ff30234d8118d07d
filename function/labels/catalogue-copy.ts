import type { ReadVersion, Version } from '../aws/watched-object.ts';
import type { Ledger } from '../ledger.ts';
import { Pause, spread } from '../pause.ts';
import { Catalogue, InvalidCatalogue, type Place } from './catalogue.ts';
import type { Tags } from './stream.ts';

export interface CatalogueCopyProps {
  readonly read: ReadVersion;
  readonly place: Place;
  /** How long it is used before it is asked for again, give or take a fifth. */
  readonly refreshSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * A container's copy of the catalogue. The best that was ever read stays in use: when the catalogue cannot be read, is
 * gone, damaged, older, or not for this shipper, nothing that is known changes.
 */
export class CatalogueCopy {
  readonly #props: CatalogueCopyProps;
  readonly #pause: Pause;
  #copy: { readonly catalogue: Catalogue; readonly etag: string; readonly writtenAt: number } | undefined;
  #revision = 0;
  #readAgainAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(props: CatalogueCopyProps) {
    this.#props = props;
    this.#pause = new Pause(props.random);
  }

  /** Rises with each catalogue that replaces another; 0 as long as there is none. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads the catalogue if it is time to. Those who ask at the same time share one request. It never fails. */
  async refresh(ledger: Ledger): Promise<void> {
    if (this.#props.now() < this.#readAgainAt) return;
    this.#reading ??= this.#read(ledger).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** @returns undefined when there is no catalogue, or no such log group in it */
  tagsOf(logGroup: string, ledger: Ledger): Tags | undefined {
    try {
      return this.#copy?.catalogue.tagsOf(logGroup);
    } catch (error) {
      ledger.ignoreCatalogue(error);
      return undefined;
    }
  }

  async #read(ledger: Ledger): Promise<void> {
    const { read, refreshSeconds, now, random } = this.#props;
    const untilNext = spread(refreshSeconds * 1000, random);
    let version: Version | 'unchanged' | undefined;
    try {
      version = await read(this.#copy?.etag);
    } catch (error) {
      ledger.missCatalogue(error);
      this.#readAgainAt = now() + Math.min(untilNext, this.#pause.next());
      return;
    }
    this.#pause.end();
    this.#readAgainAt = now() + untilNext;
    if (version && version !== 'unchanged') this.#replace(version, ledger);
  }

  #replace({ body, etag, writtenAt }: Version, ledger: Ledger): void {
    if (etag && etag === this.#copy?.etag) return;
    try {
      const catalogue = Catalogue.read(body, this.#props.place);
      // For example when the newest version of the object was deleted, and the one before it is there again.
      if (this.#copy && writtenAt < this.#copy.writtenAt) throw new InvalidCatalogue('it is older than one before it');
      this.#copy = { catalogue, etag, writtenAt };
      this.#revision++;
    } catch (error) {
      ledger.ignoreCatalogue(error);
    }
  }
}

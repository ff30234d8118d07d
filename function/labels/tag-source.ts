import { nameOf } from '../aws/aws-error.ts';
import { LokiShipperError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { Pause, spread } from '../pause.ts';
import { CatalogueCopy, type CatalogueCopyProps } from './catalogue-copy.ts';
import type { Tags } from './stream.ts';

export interface TagSourceProps extends Omit<CatalogueCopyProps, 'read' | 'now' | 'random'> {
  /** Reads the catalogue. */
  readonly readCatalogue: CatalogueCopyProps['read'];
  /** Asks AWS for the tags of one log group. @returns undefined when there is no such log group */
  readonly lookUp: (logGroup: string) => Promise<Tags | undefined>;
  /** Milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
  /** From 0 to below 1. Default: Math.random. */
  readonly random?: () => number;
}

/** The tags of a log group are not known, so its labels are not, and its lines wait for Lambda's retry. */
export class TagsUnavailable extends LokiShipperError {
  override readonly name = 'TagsUnavailable';
  /** @param reason name of AWS's error */
  constructor(logGroup: string, reason: string) {
    super(
      `The tags of log group ${logGroup} cannot be read (${reason}): its lines are not shipped under other labels.`,
    );
  }
}

interface Known {
  readonly tags: Tags;
  /** Of the catalogue in whose time they were read; 0 when there was none. */
  readonly revision: number;
  /** When they are looked up again if there still is no catalogue, milliseconds since 1970. */
  readonly until: number;
}

/**
 * The tags of log groups: those of the catalogue, and for a log group that it does not have, what AWS says when it is
 * asked, once for each catalogue.
 *
 * The labels of a group must not change because something failed: tags that are known stay in use until others are read.
 * Only where none are known the invocation fails, whose lines must not go out under wrong labels. After a failure AWS is
 * left alone for a while: many containers that ask for many groups at once would only keep each other from an answer.
 */
export class TagSource {
  readonly #props: Required<TagSourceProps>;
  readonly #catalogue: CatalogueCopy;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Tags>>();
  readonly #pause: Pause;
  #askAgainAt = Number.NEGATIVE_INFINITY;
  #lastFailure = '';

  constructor(props: TagSourceProps) {
    this.#props = { now: Date.now, random: Math.random, ...props };
    this.#catalogue = new CatalogueCopy({ ...this.#props, read: props.readCatalogue });
    this.#pause = new Pause(this.#props.random);
  }

  /**
   * @param ledger counts what fails
   * @throws TagsUnavailable
   */
  async tagsOf(logGroup: string, ledger: Ledger): Promise<Tags> {
    await this.#catalogue.refresh(ledger);
    const known = this.#known.get(logGroup);
    if (known && this.#isCurrent(known)) return known.tags;
    const listed = this.#catalogue.tagsOf(logGroup, ledger);
    if (listed) return this.#keep(logGroup, listed);
    try {
      return await this.#ask(logGroup, known, ledger);
    } catch (error) {
      if (known) return known.tags;
      throw error;
    }
  }

  #isCurrent({ revision, until }: Known): boolean {
    return revision === this.#catalogue.revision && (revision > 0 || this.#props.now() < until);
  }

  #keep(logGroup: string, tags: Tags): Tags {
    const { now, random, refreshSeconds } = this.#props;
    const until = now() + spread(refreshSeconds * 1000, random);
    this.#known.set(logGroup, { tags, revision: this.#catalogue.revision, until });
    return tags;
  }

  /** Those who ask at the same time share one call. */
  #ask(logGroup: string, known: Known | undefined, ledger: Ledger): Promise<Tags> {
    let asking = this.#asking.get(logGroup);
    if (!asking) {
      asking = this.#lookUp(logGroup, known, ledger).finally(() => this.#asking.delete(logGroup));
      this.#asking.set(logGroup, asking);
    }
    return asking;
  }

  async #lookUp(logGroup: string, known: Known | undefined, ledger: Ledger): Promise<Tags> {
    const { lookUp, now } = this.#props;
    if (now() < this.#askAgainAt) {
      if (!known) ledger.tagLookupsFailed++;
      throw new TagsUnavailable(logGroup, this.#lastFailure);
    }
    try {
      // The last lines of a log group that was deleted keep the labels of those before them.
      const tags = (await lookUp(logGroup)) ?? known?.tags ?? {};
      this.#pause.end();
      return this.#keep(logGroup, tags);
    } catch (error) {
      ledger.tagLookupsFailed++;
      this.#lastFailure = nameOf(error);
      this.#askAgainAt = now() + this.#pause.next();
      throw new TagsUnavailable(logGroup, this.#lastFailure);
    }
  }
}

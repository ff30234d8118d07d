import type { Tags } from './stream.ts';

export interface TagCacheProps {
  /** Reads the tags of a log group. */
  readonly read: (logGroup: string) => Promise<Tags>;
  /** How long tags are used before they are read again. */
  readonly refreshSeconds: number;
  /** Milliseconds. Default: Date.now. */
  readonly now?: () => number;
}

interface Known {
  readonly tags: Tags;
  readonly readAt: number;
}

/**
 * The tags of log groups, kept in memory. The labels of a group must not change because a look-up failed: then the tags
 * that are known stay in use. Only where none are known the error is the caller's, whose lines must not go out under
 * wrong labels.
 */
export class TagCache {
  readonly #props: Required<TagCacheProps>;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Tags>>();
  /** Look-ups that failed so far. */
  failures = 0;

  constructor(props: TagCacheProps) {
    this.#props = { now: Date.now, ...props };
  }

  async tagsOf(logGroup: string): Promise<Tags> {
    const known = this.#known.get(logGroup);
    if (known && this.#props.now() - known.readAt < this.#props.refreshSeconds * 1000) return known.tags;
    try {
      return await this.#readOnce(logGroup);
    } catch (error) {
      if (!known) throw error;
      this.#known.set(logGroup, { tags: known.tags, readAt: this.#props.now() }); // Asks again after another while.
      return known.tags;
    }
  }

  /** Those who ask at the same time share one call. */
  #readOnce(logGroup: string): Promise<Tags> {
    let reading = this.#reading.get(logGroup);
    if (!reading) {
      reading = this.#read(logGroup).finally(() => this.#reading.delete(logGroup));
      this.#reading.set(logGroup, reading);
    }
    return reading;
  }

  async #read(logGroup: string): Promise<Tags> {
    const tags = await this.#props.read(logGroup).catch((error: unknown) => {
      this.failures++;
      throw error;
    });
    this.#known.set(logGroup, { tags, readAt: this.#props.now() });
    return tags;
  }
}

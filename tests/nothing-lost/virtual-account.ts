import type { Version } from '../../function/aws/watched-object.ts';
import { encodeCatalogue, type Place } from '../../function/labels/catalogue.ts';
import type { Tags } from '../../function/labels/stream.ts';

const MINUTE = 60_000;

/** What AWS does from a time on. */
export interface Phase {
  /** Minutes from the start. */
  readonly from: number;
  readonly name: string;
  /** ListTagsForResource: as much as AWS allows, or nothing. */
  readonly tags: 'throttled' | 'denied';
  readonly catalogue: 'there' | 'gone' | 'unreachable' | 'damaged';
}

export interface VirtualAccountProps {
  readonly place: Place;
  readonly phases: readonly Phase[];
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly now: () => number;
  readonly delay: (ms: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** What happened in a phase. */
export class Figures {
  /** Lines that Loki got, and those of them under labels that are not their log group's. */
  lines = 0;
  wrong = 0;
  invocations = 0;
  failed = 0;
  /** GetObject of the catalogue, and those of them that were answered with 304 or an error. */
  reads = 0;
  unchanged = 0;
  readsFailed = 0;
  /** ListTagsForResource. */
  lookUps = 0;
  throttled = 0;
  denied = 0;
}

interface State {
  /** Minutes from the start. */
  readonly since: number;
  readonly groups: ReadonlyMap<string, Tags>;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const LOOK_UPS_A_SECOND = 30;
/** As the shipper has the SDK do it (function/shipper.ts). */
const ATTEMPTS = 4;
const LOOK_UP_MS = 4_000;

/**
 * A fake of what the shipper asks AWS for, in virtual time: the tags of log groups, by CloudWatch Logs with its limit for
 * the account and the SDK's retries, and the catalogue in S3, that a registrar writes.
 */
export class VirtualAccount {
  readonly #props: VirtualAccountProps;
  readonly #tags: State[] = [];
  readonly #catalogues: (State & { readonly version: Version })[] = [];
  readonly #lookUpsIn = new Map<number, number>();
  readonly #figures = new Map<string, Figures>();

  constructor(props: VirtualAccountProps) {
    this.#props = props;
  }

  /** The tags of all log groups from a time on. The times must rise. @param since minutes from the start */
  tag(since: number, groups: ReadonlyMap<string, Tags>): void {
    this.#tags.push({ since, groups });
  }

  /** The registrar writes the catalogue. The times must rise. */
  write(since: number, groups: ReadonlyMap<string, Tags>): void {
    const body = encodeCatalogue({ ...this.#props.place, groups });
    const version = { body, etag: `"${since}"`, writtenAt: this.#props.start + since * MINUTE };
    this.#catalogues.push({ since, groups, version });
  }

  /**
   * What the tags of a log group may be by right, now: what they are, or what the catalogue says, or what it said as long
   * as a container may not have seen that it was replaced.
   * @param refreshMs the longest time after which a container sees it
   */
  rightfulTags(logGroup: string, refreshMs: number): readonly Tags[] {
    const { minute } = this;
    const catalogues = this.#catalogues.filter(({ since }, i) => {
      const replaced = this.#catalogues[i + 1]?.since ?? Number.POSITIVE_INFINITY;
      return since <= minute && minute <= replaced + refreshMs / MINUTE;
    });
    const all = [latest(this.#tags, minute), ...catalogues].map((state) => state?.groups.get(logGroup));
    return all.filter((tags) => tags !== undefined);
  }

  get minute(): number {
    return (this.#props.now() - this.#props.start) / MINUTE;
  }

  get phase(): Phase {
    const [first] = this.#props.phases;
    const phase = this.#props.phases.findLast(({ from }) => from <= this.minute) ?? first;
    if (!phase) throw new Error('no phases');
    return phase;
  }

  /** Of a phase. Default: the one that it is now. */
  figures({ name }: Phase = this.phase): Figures {
    const figures = this.#figures.get(name) ?? new Figures();
    this.#figures.set(name, figures);
    return figures;
  }

  readonly readCatalogue = async (etag?: string): Promise<Version | 'unchanged' | undefined> => {
    const figures = this.figures();
    figures.reads++;
    const { catalogue } = this.phase;
    const version = latest(this.#catalogues, this.minute)?.version;
    if (catalogue === 'unreachable') {
      figures.readsFailed++;
      throw named('SlowDown');
    }
    if (catalogue === 'gone' || !version) return undefined;
    if (catalogue === 'damaged') return { ...version, body: version.body.subarray(9), etag: '"damaged"' };
    if (version.etag !== etag) return version;
    figures.unchanged++;
    return 'unchanged';
  };

  readonly lookUp = async (logGroup: string): Promise<Tags | undefined> => {
    const { now, delay, random } = this.#props;
    const end = now() + LOOK_UP_MS;
    for (let tries = 1; ; tries++) {
      const figures = this.figures();
      figures.lookUps++;
      if (this.phase.tags === 'denied') {
        figures.denied++;
        throw named('AccessDeniedException');
      }
      const second = Math.floor(now() / 1000);
      const before = this.#lookUpsIn.get(second) ?? 0;
      this.#lookUpsIn.set(second, before + 1);
      if (before < LOOK_UPS_A_SECOND) return latest(this.#tags, this.minute)?.groups.get(logGroup);
      figures.throttled++;
      if (tries === ATTEMPTS) throw named('ThrottlingException');
      await delay(random() * 500 * 2 ** (tries - 1));
      if (now() > end) throw named('TimeoutError');
    }
  };
}

function latest<T extends { readonly since: number }>(states: readonly T[], minute: number): T | undefined {
  return states.findLast(({ since }) => since <= minute);
}

function named(name: string): Error {
  return Object.assign(new Error('Words of AWS.'), { name });
}

export interface VirtualContainersProps<T> {
  /** What a container keeps between its invocations. */
  readonly create: () => T;
  /** The time in the invocation that asks, milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** When all containers that are there are replaced, as a deployment does: milliseconds since 1970. */
  readonly replacedAt: readonly number[];
}

interface Container<T> {
  readonly state: T;
  readonly startedAt: number;
  freeAt: number;
}

/** How long an invocation keeps its container at least: more than the second in which many come at once. */
const INVOCATION_MS = 1_000;
/** Lambda takes away a container that was not used for some minutes. */
const IDLE_MS = 10 * 60_000;

/** A fake of Lambda's containers in virtual time: an invocation gets one that is free, or else a new one, which is cold. */
export class VirtualContainers<T> {
  readonly #props: VirtualContainersProps<T>;
  readonly #all = new Set<Container<T>>();
  /** When each was started, milliseconds since 1970. */
  readonly starts: number[] = [];

  constructor(props: VirtualContainersProps<T>) {
    this.#props = props;
  }

  async run(work: (state: T) => Promise<void>): Promise<void> {
    const { now } = this.#props;
    const container = this.#free(now()) ?? this.#start(now());
    container.freeAt = Number.POSITIVE_INFINITY;
    await work(container.state).finally(() => {
      container.freeAt = now() + INVOCATION_MS;
    });
  }

  #free(now: number): Container<T> | undefined {
    const { random, replacedAt } = this.#props;
    const free: Container<T>[] = [];
    for (const container of this.#all) {
      const { startedAt, freeAt } = container;
      const isReplaced = replacedAt.some((at) => startedAt < at && at <= now);
      if (isReplaced || now - freeAt > IDLE_MS) this.#all.delete(container);
      else if (freeAt <= now) free.push(container);
    }
    return free[Math.floor(random() * free.length)];
  }

  #start(now: number): Container<T> {
    const container = { state: this.#props.create(), startedAt: now, freeAt: now };
    this.#all.add(container);
    this.starts.push(now);
    return container;
  }
}

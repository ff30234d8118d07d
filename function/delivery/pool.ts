/** Runs tasks side by side, at most so many at a time. After one has failed it starts no other. */
export class Pool {
  readonly #size: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns when the task has started, or will not */
  async start(task: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#size) await Promise.race(this.#running);
    if (this.failed) return;
    const running = task()
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** As if a task had failed. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Waits for what is running. @throws what the first task that failed threw */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }
}

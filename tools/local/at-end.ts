const works = new Set<() => void>();

/**
 * Does something when this process ends: by itself, by an error that nobody caught, or by a signal. Last come, first
 * done.
 *
 * @param work must be synchronous
 * @returns calls it off
 */
export function atEnd(work: () => void): () => void {
  works.add(work);
  return () => works.delete(work);
}

const waiting = new Set<() => void>();

/** Waits for a signal that would end this process, Ctrl-C for one. That signal then ends nothing but the wait. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => waiting.add(resolve));
}

process.on('exit', () => {
  for (const work of [...works].reverse()) work();
});

// By default a signal ends a process without its 'exit' event.
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
for (const [signal, number] of Object.entries(SIGNALS))
  process.on(signal, () => {
    if (waiting.size === 0) process.exit(128 + number);
    for (const end of waiting) end();
    waiting.clear();
  });

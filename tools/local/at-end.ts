const works = new Set<() => void>();

/**
 * Does something when this process ends: by itself, by an error nobody caught, or by a signal. Last come, first done.
 *
 * @param work must be synchronous
 * @returns calls it off
 */
export function atEnd(work: () => void): () => void {
  if (works.size === 0) listen();
  works.add(work);
  return () => works.delete(work);
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const work of [...works].reverse()) work();
  });
  // A signal ends a process without its 'exit' event, unless somebody listens.
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const)
    process.on(signal, () => process.exit(128 + number));
}

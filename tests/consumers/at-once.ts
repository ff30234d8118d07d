/**
 * Begins works in their order, at most so many of them at a time.
 * @returns a promise each, which nobody has to wait for
 */
export function atOnce<T>(limit: number, works: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  const begun: Promise<T>[] = [];
  for (const [i, work] of works.entries()) {
    // As many may be under way as came before, less the limit.
    const before = begun.slice(0, i);
    begun.push(ended(before, i - limit + 1).then(work));
  }
  for (const promise of begun) promise.catch(() => {});
  return begun;
}

/** Waits until so many of them have ended, however. */
function ended(promises: readonly Promise<unknown>[], count: number): Promise<void> {
  if (count <= 0) return Promise.resolve();
  let left = count;
  return new Promise((resolve) => {
    const end = () => {
      left--;
      if (left === 0) resolve();
    };
    for (const promise of promises) promise.then(end, end);
  });
}

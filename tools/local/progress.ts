/** Says on standard error that something takes long, and each half minute that it still does. */
export async function announced<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  console.error(`${what} …`);
  const timer = setInterval(() => console.error(`${what} … ${Math.round((Date.now() - start) / 1000)} s`), 30_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

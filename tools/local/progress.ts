/** Gets a few words on what is under way. */
export type Tell = (words: string) => void;

/** Says that something takes long, and each half minute that it still does. */
export async function announced<T>(tell: Tell, what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  tell(`${what} …`);
  const timer = setInterval(() => tell(`${what} … ${Math.round((Date.now() - start) / 1000)} s`), 30_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

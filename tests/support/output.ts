/**
 * What is written to standard output and standard error until some work ends; it does not appear there.
 * @returns the lines, and a function that gives the work's result or throws what it failed with
 */
export async function outputOf<T>(work: Promise<T>): Promise<{ readonly lines: string[]; readonly result: () => T }> {
  let written = '';
  const streams = [process.stdout, process.stderr] as const;
  const originals = streams.map(({ write }) => write);
  for (const stream of streams)
    stream.write = (text: unknown) => {
      written += String(text);
      return true;
    };
  const result = await work.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  streams.forEach((stream, i) => {
    stream.write = originals[i] ?? stream.write;
  });
  return { lines: written.split('\n').filter((line) => line !== ''), result };
}

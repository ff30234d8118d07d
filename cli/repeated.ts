type Collect<T> = (text: string, before: readonly T[] | undefined) => readonly T[];

const collectors = new WeakSet<object>();

/** For an option or argument that may be given again: reads each of its values, and collects them. */
export function repeated<T>(read: (text: string) => T): Collect<T> {
  const collect: Collect<T> = (text, before = []) => [...before, read(text)];
  collectors.add(collect);
  return collect;
}

/** Whether an option that is read by this function may be given again. */
export function isRepeated(read: object | undefined): boolean {
  return read !== undefined && collectors.has(read);
}

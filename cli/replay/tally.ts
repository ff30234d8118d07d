import type { ReplayPage } from '../../function/registry/replay.ts';

/** What became of all objects so far. */
export class Tally {
  /** Objects that were looked at. */
  done = 0;
  /** Objects that are known to be left, and whether there may be more. */
  remaining = 0;
  more = true;
  /** Whether nothing is left to look at. */
  complete = false;

  /** Of the objects that were selected. */
  objects = 0;
  lines = 0;
  stored = 0;
  bytes = 0;
  /** Reason → lines. */
  readonly refused = new Map<string, number>();
  /** Objects that could not be replayed, and why. */
  readonly failed: { readonly key: string; readonly error: string }[] = [];

  add({ objects, remaining, more, next }: ReplayPage): void {
    this.done += objects.length;
    this.remaining = remaining;
    this.more = more;
    this.complete = next === null;
    for (const { key, matched, lines, stored, bytes, refused, error } of objects) {
      if (!matched) continue;
      this.objects++;
      this.lines += lines;
      this.stored += stored;
      this.bytes += bytes;
      for (const [reason, count] of Object.entries(refused))
        this.refused.set(reason, (this.refused.get(reason) ?? 0) + count);
      if (error !== null) this.failed.push({ key, error });
    }
  }

  get refusedInAll(): number {
    let sum = 0;
    for (const count of this.refused.values()) sum += count;
    return sum;
  }
}

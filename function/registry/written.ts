import type { Tags } from '../labels/stream.ts';

/**
 * Values of tags, by key, that the registrar wrote or was about to write. It is one, but where two invocations wrote at the
 * same time, and nobody knows who was last.
 */
export type Written = Readonly<Record<string, readonly string[]>>;

/** After some tags were announced: maybe they are written, maybe what was there before stays. */
export function announce(written: Written, tags: Tags): Written {
  const added = Object.entries(tags).map(([key, value]) => [key, [...new Set([...(written[key] ?? []), value])]]);
  return { ...written, ...Object.fromEntries(added) };
}

/** After some tags were written. */
export function confirm(written: Written, tags: Tags): Written {
  return { ...written, ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, [value]])) };
}

/** Keys of tags that are still as the registrar wrote them. */
export function stillWritten(written: Written, tags: Tags): readonly string[] {
  return Object.entries(written).flatMap(([key, values]) => {
    const value = tags[key];
    return value !== undefined && values.includes(value) ? [key] : [];
  });
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes for people, in units of 1024: 512 B, 1.5 KB, 12 MB. */
export function bytesText(bytes: number): string {
  let unit = 0;
  let count = bytes;
  // What would be rounded to 1024 is one of the next unit.
  while (count >= 1023.5 && unit < UNITS.length - 1) {
    count /= 1024;
    unit++;
  }
  return `${count < 9.95 && unit > 0 ? count.toFixed(1) : Math.round(count)} ${UNITS[unit]}`;
}

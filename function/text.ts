/** The last place up to `end` at which a character of UTF-8 begins: the bytes inside of one are 10xxxxxx. */
export function boundary(bytes: Buffer, end: number): number {
  if (end >= bytes.length) return bytes.length;
  let at = end;
  while (((bytes[at] as number) & 0xc0) === 0x80) at--;
  return at;
}

/** The beginning of a text that has at most this many bytes in UTF-8, without a part of a character. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= maxBytes ? text : bytes.toString('utf8', 0, boundary(bytes, maxBytes));
}

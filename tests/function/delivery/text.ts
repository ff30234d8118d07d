import fc from 'fast-check';

/** Text of every kind that a log line can have: words, control characters, emoji, halves of surrogate pairs, nothing. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const size = { maxLength, size: 'max' } as const;
  return fc.oneof(
    fc.string({ ...size, unit: 'grapheme-ascii' }),
    fc.string({ ...size, unit: 'binary' }),
    fc.string({
      ...size,
      unit: fc.constantFrom('\0', '\x1b', '\t', '"', '\\', '\n', 'é', '€', '👍🏽', '\ud83d', '\udc4d'),
    }),
    fc.string({ ...size, unit: fc.constantFrom('a', 'b') }),
    fc.constant(''),
  );
}

/** A short text many times over, up to `maxLength` characters: long lines, at little cost. */
export function repeatedText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom('x', 'é', '👍', 'GET /health 200 '),
    fc.string({ minLength: 1, maxLength: 200 }),
  );
  return fc
    .tuple(unit, fc.nat(maxLength))
    .map(([text, length]) => text.repeat(length / text.length + 1).slice(0, length));
}

/** What UTF-8 keeps of a text: half of a surrogate pair becomes U+FFFD. */
export function asUtf8(text: string): string {
  return Buffer.from(text).toString();
}

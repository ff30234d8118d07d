/**
 * A string as LogQL writes it between quotes, which is Go's syntax: Loki reads label values with strconv.Unquote.
 * Control characters and marks that nobody sees are escaped. Half a surrogate pair becomes `?`, and so does U+FFFD: Loki
 * 3.7 takes it for broken UTF-8, escaped or not, and then refuses all lines of the stream ("invalid UTF-8 rune").
 */
export function quote(text: string): string {
  const escaped = text
    .replace(/[\p{Cs}\ufffd]/gu, '?')
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, byNumber);
  return `"${escaped}"`;
}

function byNumber(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

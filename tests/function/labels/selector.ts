/**
 * Reads a label selector as Loki 3.7 does, and is as strict: label names as LogQL has them, values that hold no control
 * character and no U+FFFD and no escape that Go does not know.
 */
export function readSelector(selector: string): Map<string, string> {
  const labels = new Map<string, string>();
  const inner = /^\{(.*)\}$/s.exec(selector)?.[1];
  if (inner === undefined) throw new Error(`No selector: ${selector}`);
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:, |$)/suy;
  while (label.lastIndex < inner.length) {
    const at = label.lastIndex;
    const [, name = '', quoted = ''] = label.exec(inner) ?? [];
    if (name === '') throw new Error(`No label at ${at}: ${selector}`);
    if (labels.has(name)) throw new Error(`Label ${name} twice: ${selector}`);
    labels.set(name, unquote(quoted));
  }
  return labels;
}

/** What Go's strconv.Unquote makes of the text between two quotes. */
export function unquote(quoted: string): string {
  if (/[\p{Cc}\p{Cs}\ufffd]/u.test(quoted)) throw new Error(`Loki refuses these characters: ${JSON.stringify(quoted)}`);
  return quoted.replace(/\\(u[0-9a-f]{4}|U[0-9a-f]{8}|.)/gsu, (_, escaped: string) => {
    if (escaped.length > 1) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
    if (escaped === '\\' || escaped === '"') return escaped;
    throw new Error(`Unknown escape \\${escaped}`);
  });
}

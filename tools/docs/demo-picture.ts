/** What is shown of a terminal: its size and colours, in the light and in the dark alike. */
const FONT_SIZE = 13;
const CHARACTER = 7.8;
const LINE = 19;
const MARGIN = 20;
const BAR = 34;
/** Longer lines are cut, where a terminal would break them. */
const COLUMNS = 104;

const STYLE = `  text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #e6edf3; white-space: pre; }
  .done { fill: #3fb950; }
  .faint { fill: #8b949e; }
  .bold { font-weight: bold; }`;

/**
 * A picture of what `npm run demo` printed.
 * @param captured its text; `tools/docs/capture.ts` takes it
 */
export function demoPicture(captured: string): string {
  const lines = captured.trimEnd().split('\n').map(fitted);
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER) + 2 * MARGIN;
  const height = BAR + lines.length * LINE + MARGIN;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, i) => `<circle cx="${20 + 18 * i}" cy="17" r="5.5" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What npm run demo prints">
<style>
${STYLE}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117" stroke="#30363d"/>
${dots.join('')}
${lines.map((line, i) => lineOf(line, BAR + MARGIN + i * LINE)).join('')}</svg>
`;
}

function fitted(line: string): string {
  const text = line.replaceAll('\t', '  ');
  return text.length > COLUMNS ? `${text.slice(0, COLUMNS - 1)}…` : text;
}

function lineOf(line: string, y: number): string {
  return line === '' ? '' : `<text x="${MARGIN}" y="${y}">${spans(line)}</text>\n`;
}

/** The colours that the demo gives its lines on a terminal: a green tick, and the seconds of a step faint. */
function spans(line: string): string {
  if (line.startsWith('$ ')) return span('bold', line);
  const [, tick, what, seconds] = /^(✔)(.*?)( {2}[\d.]+ s)?$/.exec(line) ?? [];
  if (tick === undefined) return escaped(line);
  return `${span('done', tick)}${escaped(what ?? '')}${seconds ? span('faint', seconds) : ''}`;
}

function span(style: 'done' | 'faint' | 'bold', text: string): string {
  return `<tspan class="${style}">${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

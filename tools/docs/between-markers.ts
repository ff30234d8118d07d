/**
 * A document in which what stands between markers (`<!-- name -->` and `<!-- /name -->`) is what is given for it. All
 * else is written by hand.
 *
 * @param parts name of the markers → Markdown, with a line break at its end
 * @throws Error when the document has no such markers
 */
export function betweenMarkers(document: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const between = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*(<!-- /${name} -->)`);
    if (!between.test(text)) throw new Error(`The document must have the markers of ${name}.`);
    return text.replace(between, (_, start: string, end: string) => `${start}\n${part}\n${end}`);
  }, document);
}

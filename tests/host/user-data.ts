import { readFileSync } from 'node:fs';
import { renderTemplate } from '../../tools/host-files.ts';
import { VALUES } from './values.ts';

/** As the instance gets it. */
export function userData(): string {
  return renderTemplate(readFileSync('modules/loki/user-data.yaml.tftpl', 'utf8'), VALUES);
}

/** What cloud-init would write: path → content. Reads the one form in which user data has it, `content: |`. */
export function writtenFiles(text: string): ReadonlyMap<string, string> {
  const entries = text.matchAll(/^ {2}- path: (\S+)\n(?: {4}\w+: .*\n)*? {4}content: \|\n((?: {6}.*\n|\n)+)/gm);
  return new Map(Array.from(entries, ([, path = '', content = '']) => [path, content.replaceAll(/^ {6}/gm, '')]));
}

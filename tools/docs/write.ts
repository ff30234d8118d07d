import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { costTables } from './cost.ts';
import { demoPicture } from './demo-picture.ts';
import { reference } from './reference.ts';
import { reviewExceptions } from './review-exceptions.ts';
import { securityWithTables } from './security.ts';
import { upgradingWithAddresses } from './upgrading.ts';

/** The documents that are made of the code, or have parts that are. Each takes what is there, and gives what there is to be. */
export const GENERATED: Readonly<Record<string, (current: string) => string>> = {
  'docs/cost.md': costTables,
  'docs/demo.svg': () => demoPicture(currentText('docs/demo.txt')),
  'docs/reference.md': reference,
  'docs/security.md': securityWithTables,
  'docs/upgrading.md': upgradingWithAddresses,
  'examples/ci/checkov-exceptions.json': reviewExceptions,
};

/** What a document is now; empty when there is none. */
export function currentText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, generate] of Object.entries(GENERATED)) writeFileSync(file, generate(currentText(file)));

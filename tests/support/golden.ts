import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';

/**
 * Expects a text to be what a file holds. `UPDATE_GOLDEN=1 npm test -- <file>` writes such files anew: what changed in
 * them is then seen in review.
 */
export function expectGolden(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (!existsSync(file)) throw new Error(`${file} is missing: write it with UPDATE_GOLDEN=1.`);
  expect(text).to.equal(readFileSync(file, 'utf8'));
}

/** What differs from run to run, and what stands for it. */
const UNSTEADY: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>'],
  [/\b127\.0\.0\.1:\d+/g, '<host>'],
  [/\b\d+(\.\d+)? (ms|s|min|h)\b/g, '<duration>'],
  [/"(ms|clockSkewMs|now)":-?\d+/g, '"$1":0'],
  // Widths of columns go with all of these.
  [/(\S) {2,}/g, '$1  '],
  [/(^|\n) +/g, '$1'],
];

/** A text of a real run, without its times, ids and addresses. */
export function steady(text: string): string {
  return UNSTEADY.reduce((steadier, [unsteady, instead]) => steadier.replace(unsteady, instead), text);
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../function/json.ts';
import { Ledger } from '../../function/ledger.ts';
import { metricRecord } from '../../function/metrics.ts';
import type { Block } from './fences.ts';
import { argumentOf } from './instructions.ts';

/** @throws Error where a block is no part of the file that its comment names, if it names one, less the commands in it (`$ …`) */
export function checkPart(block: Block): void {
  const file = argumentOf(block, 'in');
  const shown = block.text.replace(/^\$ .*\n/gm, '');
  if (file && !readFileSync(file, 'utf8').includes(shown)) throw new Error(`it is no part of ${file}.`);
}

/** @throws Error where a block of text is not what its comment says, or no comment says what it is */
export function checkText({ text, instructions }: Block): void {
  if (instructions.includes('paths')) checkPaths(text);
  else if (instructions.includes('Logs Insights')) checkFields(text);
  else if (!instructions.some((one) => one.startsWith('in ')))
    throw new Error('a block of text needs a comment that says what it is, such as <!-- test: in FILE -->.');
}

/** A tree: each line begins with a path, below that of the line that is indented less. */
function checkPaths(text: string): void {
  const above: { readonly depth: number; readonly path: string }[] = [];
  for (const line of text.split('\n').filter((one) => one.trim())) {
    const [, indentation = '', name = ''] = /^( *)(\S+)/.exec(line) ?? [];
    while ((above.at(-1)?.depth ?? -1) >= indentation.length) above.pop();
    const path = join(above.at(-1)?.path ?? '', name);
    if (!existsSync(path)) throw new Error(`there is no ${path}.`);
    above.push({ depth: indentation.length, path });
  }
}

/** A query of Logs Insights, which no emulator runs: what it asks for are fields of the shipper's records. */
function checkFields(query: string): void {
  const full = new Ledger();
  for (const name of Object.keys(full)) if (name !== 'parked') Object.assign(full, { [name]: 1 });
  full.park('too_far_behind', 1);
  const about = { functionName: 'f', requestId: 'r', logGroup: 'g', now: 1 };
  const record = JSON.parse(metricRecord(full, about)) as Readonly<Record<string, unknown>>;
  const words = query.match(/[@\w.]+/g) ?? [];
  const fields = words.filter((word) => /^@|[A-Z.]/.test(word));
  for (const field of fields)
    if (!field.startsWith('@') && !has(record, field)) throw new Error(`no record has ${field}.`);
}

function has(record: unknown, path: string): boolean {
  const [first = '', ...rest] = path.split('.');
  if (!isObject(record) || !(first in record)) return false;
  return rest.length === 0 || has(record[first], rest.join('.'));
}

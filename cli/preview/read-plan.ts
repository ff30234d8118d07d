import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { InvalidPlan, type Plan, parsePlan } from './plan.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'must not be read by you',
  EISDIR: 'is a folder',
  ERR_STRING_TOO_LONG: 'is larger than Node.js can read',
};

/**
 * Reads a plan.
 * @param file of the JSON, or `-` for standard input
 * @throws InvalidPlan also where there is no such file
 */
export async function readPlan(file: string): Promise<Plan> {
  const where = file === '-' ? 'Standard input' : file;
  let text: string;
  try {
    text = decode(file === '-' ? await buffer(process.stdin) : await readFile(file));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InvalidPlan(where, REASONS[code] ?? `cannot be read (${code})`);
  }
  return parsePlan(text, where);
}

/** PowerShell before version 6 writes UTF-16 when it redirects; Terraform itself writes UTF-8. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  return bytes.toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

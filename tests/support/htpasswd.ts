import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

/** Who the host's secret lets push and ask. */
export const USER = 'loki';

/** Writes the file by which nginx knows USER: with a salted SHA-1, which each nginx can check. */
export function writePassword(folder: string, password: string): void {
  mkdirSync(folder, { recursive: true });
  const salt = randomBytes(8);
  const hash = createHash('sha1').update(password).update(salt).digest();
  writeFileSync(`${folder}/push.htpasswd`, `${USER}:{SSHA}${Buffer.concat([hash, salt]).toString('base64')}\n`);
}

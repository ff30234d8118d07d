import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lockedPackages } from '../lock.ts';
import { AUDITED, type AuditAnswer, afterAudit, auditText, readAudited } from './audited.ts';

/** Asks the registry, by npm itself. It ends with 1 both for findings and for no answer: only its words tell. */
function ask(): AuditAnswer {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return JSON.parse(stdout) as AuditAnswer;
  } catch {
    return {};
  }
}

const after = afterAudit(ask(), lockedPackages(), readAudited(), new Date().toISOString());
writeFileSync(AUDITED, `${JSON.stringify(after, null, 2)}\n`);
console.log(auditText(after));
for (const { id, packages, severity, title, decision } of after.advisories)
  console.log(`${decision === null ? 'undecided' : 'decided'}: ${severity} ${id} ${packages.join(', ')}: ${title}`);
if (after.refused || after.advisories.some(({ decision }) => decision === null)) process.exitCode = 1;

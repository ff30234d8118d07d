// A program for `at-end.test.ts`: makes a folder for its run, starts a process that would go on for a minute, says
// both, and goes on itself, or with the argument `fail` ends by an error that nobody catches.
import { existsSync, readFileSync } from 'node:fs';
import { run } from '../../../tools/local/commands.ts';
import { runFolder } from '../../../tools/local/folders.ts';

const folder = runFolder();
const script = `require('node:fs').writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 60_000);`;
void run(process.execPath, ['-e', script], { cwd: folder });
const timer = setInterval(() => {
  const pid = existsSync(`${folder}/pid`) && Number(readFileSync(`${folder}/pid`, 'utf8'));
  if (!pid) return;
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify({ folder, pid })}\n`, () => {
    if (process.argv[2] === 'fail') throw new Error('nobody catches this');
  });
  setInterval(() => {}, 60_000);
}, 20);

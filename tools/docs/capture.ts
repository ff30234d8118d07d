// Runs the demo and keeps what it printed in docs/demo.txt, of which `npm run docs` makes docs/demo.svg.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What stays of the demo's output on a terminal when it has ended: without the lines that say that a step is under way. */
export function captureOf(output: string): string {
  const lines = output.split('\n').filter((line) => !line.startsWith('… '));
  return `$ npm run demo\n${lines.join('\n').trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = execFileSync('npm', ['run', '--silent', 'demo'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writeFileSync('docs/demo.txt', captureOf(output));
}

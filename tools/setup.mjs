// Runs before every npm script: checks the Node version and installs the locked dependencies when they are missing or old.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { areInstalled, STAMP } from './locked-packages.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(`loki-shipper needs Node 20.9 or newer; this is ${process.version}.`);
  process.exit(1);
}

const lock = readFileSync('package-lock.json', 'utf8');
if (!areInstalled(lock)) {
  console.error('Installing dependencies (npm ci) …');
  // npm's own words go to standard error: a script's standard output is its result.
  // Its level is ours: `npm run --silent` would silence what went wrong, too.
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error('npm ci failed: its message is above.');
    process.exit(1);
  }
  writeFileSync(STAMP, lock);
}

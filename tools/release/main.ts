import { spawnSync } from 'node:child_process';
import { prepare, refuseMoved } from './checks.ts';
import { GitFailed } from './git.ts';
import { make } from './make.ts';
import { ReleaseRefused } from './refused.ts';
import { doneText, planText } from './texts.ts';
import { verify } from './verify.ts';
import { parseVersion } from './version.ts';

const OPTIONS = ['--yes', '--verify'];

/** `npm run release -- 0.1.0`: says what a release would do; with --yes it does it; with --verify it looks at one. */
function main(args: readonly string[]): void {
  const { version, yes, verifies } = parse(args);
  if (verifies) {
    console.log(`The tag v${version} is what its commit of main, ${verify(version).slice(0, 7)}, builds.`);
    return;
  }
  const preparation = prepare(version);
  console.log(planText(preparation));
  if (!yes) {
    console.log(
      `Nothing was done. With --yes, npm test runs, and if it passes all of this is done; nothing is pushed.`,
    );
    return;
  }
  test();
  refuseMoved(preparation);
  console.log(doneText(preparation, make(preparation)));
}

function parse(args: readonly string[]) {
  const unknown = args.find((arg) => arg.startsWith('-') && !OPTIONS.includes(arg));
  if (unknown) throw new ReleaseRefused(`There is no option ${unknown}: there are ${OPTIONS.join(' and ')}.`);
  const [version, ...others] = args.filter((arg) => !arg.startsWith('-'));
  if (version === undefined || others.length > 0)
    throw new ReleaseRefused('Name one version, as npm run release -- 0.1.0 does.');
  const [yes, verifies] = OPTIONS.map((option) => args.includes(option));
  if (yes && verifies) throw new ReleaseRefused('--verify looks at a release that there is: it goes without --yes.');
  return { version: parseVersion(version), yes, verifies };
}

function test(): void {
  const { status } = spawnSync('npm', ['test'], { stdio: 'inherit' });
  if (status !== 0) throw new ReleaseRefused('npm test does not pass, as it says above: there is no release.');
}

try {
  main(process.argv.slice(2));
} catch (error) {
  // Who makes a release needs the sentence, not where in our code it was said.
  if (!(error instanceof ReleaseRefused || error instanceof GitFailed)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

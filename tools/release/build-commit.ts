import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeFolder, runFolder } from '../local/folders.ts';
import { areInstalled } from '../locked-packages.mjs';
import { exportCommit, writeTree } from './objects.ts';
import { ReleaseRefused } from './refused.ts';

/**
 * Builds what the tag of a release holds from a commit, by that commit's own tools.
 *
 * @returns id of its tree
 * @throws ReleaseRefused when it cannot be built
 */
export function buildCommit(commit: string, version: string): string {
  return inCopy(commit, (folder, scratch) => {
    const tree = join(scratch, 'tree');
    runScript(folder, 'tools/release/tree.ts', tree, version);
    return writeTree(tree, scratch);
  });
}

/** Does something with a copy of a commit's files, in which scripts run. @param work gets it, and a folder for other things */
export function inCopy<T>(commit: string, work: (folder: string, scratch: string) => T): T {
  const scratch = runFolder();
  try {
    const folder = join(scratch, 'sources');
    mkdirSync(folder);
    exportCommit(commit, folder, scratch);
    if (!areInstalled(readFileSync(join(folder, 'package-lock.json'), 'utf8')))
      throw new ReleaseRefused(
        `node_modules has other packages than the commit ${commit.slice(0, 7)} is built with: check it out, and run npm ci.`,
      );
    return work(folder, scratch);
  } finally {
    removeFolder(scratch);
  }
}

/**
 * Runs a script of TypeScript in a copy of the project, which has the packages of this one as long as it runs.
 * @throws ReleaseRefused when it fails; its own words come before
 */
export function runScript(folder: string, script: string, ...args: readonly string[]): void {
  const packages = join(folder, 'node_modules');
  symlinkSync(resolve('node_modules'), packages);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './tools/typescript.mjs', script, ...args],
    { cwd: folder, encoding: 'utf8', maxBuffer: Number.POSITIVE_INFINITY },
  );
  unlinkSync(packages);
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  throw new ReleaseRefused(`${script} failed: what it says is above.`);
}

import { rmSync } from 'node:fs';
import { type Archive, writeArchive } from './archive.ts';
import { buildCommit, inCopy } from './build-commit.ts';
import type { Preparation } from './checks.ts';
import { git, gitOrNothing } from './git.ts';
import { MAIN, RELEASES, SOURCE_COMMIT, tagOf } from './history.ts';
import { commitLike, tagLike, writeTree } from './objects.ts';
import { writeVersion } from './write-version.ts';

/** A release as it was made. */
export interface Made {
  /** Commit of main. */
  readonly source: string;
  /** Commit of the branch of releases. */
  readonly commit: string;
  readonly tag: string;
  readonly archive: Archive;
}

/**
 * Makes a release. Branches and tag change together and last: whatever fails before leaves them, and the checkout, as
 * they were.
 */
export function make(preparation: Preparation): Made {
  const { version, head, last } = preparation;
  const source = inCopy(head, (folder, scratch) => {
    writeVersion(folder, preparation);
    const tree = writeTree(folder, scratch, head);
    return commitLike(head, { tree, parent: head, message: `Release ${version}\n` });
  });
  const commit = commitLike(head, {
    tree: buildCommit(source, version),
    parent: last?.commit,
    message: `Release ${version}\n\n${SOURCE_COMMIT}: ${source}\n`,
  });
  const tag = tagLike(head, commit, `v${version}`, `loki-shipper ${version}\n`);
  const archive = writeArchive(commit, version);
  try {
    publish(preparation, { source, commit, tag });
  } catch (error) {
    rmSync(archive.file);
    rmSync(archive.checksumFile);
    throw error;
  }
  return { source, commit, tag, archive };
}

/** Of a branch or tag that is not there. */
const NOTHING = '0'.repeat(40);

interface Published {
  readonly source: string;
  readonly commit: string;
  readonly tag: string;
}

/** Moves the branches, sets the tag, and has the checkout follow main. */
function publish({ version, head }: Preparation, { source, commit, tag }: Published): void {
  const releases = gitOrNothing('rev-parse', '--verify', '--quiet', RELEASES) ?? NOTHING;
  const moves = [
    [MAIN, source, head],
    [RELEASES, commit, releases],
    [tagOf(version), tag, NOTHING],
  ] as const;
  updateRefs(moves);
  try {
    git(['read-tree', '-m', '-u', head, source]);
  } catch (error) {
    updateRefs(moves.map(([ref, now, before]) => [ref, before, now]));
    throw error;
  }
}

/** All of them, or none: one that is no longer where it was stops it. */
function updateRefs(moves: readonly (readonly [ref: string, to: string, from: string])[]): void {
  const input = moves.map(([ref, to, from]) => `update ${ref} ${to} ${from}\n`).join('');
  git(['update-ref', '--stdin', '-m', 'release'], { input });
}

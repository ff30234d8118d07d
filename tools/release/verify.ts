import { buildCommit } from './build-commit.ts';
import { firstOf } from './first-of.ts';
import { git, gitOrNothing } from './git.ts';
import { MAIN, releaseOf, SOURCE_COMMIT, tagOf } from './history.ts';
import { ReleaseRefused } from './refused.ts';

/**
 * Builds a release anew, from the commit of main that it says it was made of.
 *
 * @returns that commit
 * @throws ReleaseRefused when there is no such release, or when its tag holds anything else
 */
export function verify(version: string): string {
  const tag = `v${version}`;
  const release = releaseOf(version);
  if (!release) throw new ReleaseRefused(`There is no tag ${tag}.`);
  const { source } = release;
  if (!source)
    throw new ReleaseRefused(`The tag ${tag} is no release: the message of its commit has no line ${SOURCE_COMMIT}.`);
  if (gitOrNothing('merge-base', '--is-ancestor', source, MAIN) === undefined)
    throw new ReleaseRefused(`The tag ${tag} says that it was made of ${source}, which is no commit of main.`);

  const built = buildCommit(source, version);
  const differing = git(['diff-tree', '-r', '-z', '--name-only', `${tagOf(version)}^{tree}`, built])
    .split('\0')
    .filter(Boolean);
  if (differing.length === 0) return source;
  throw new ReleaseRefused(
    `The tag ${tag} is not what its commit of main, ${source.slice(0, 7)}, builds: ${firstOf(differing)} differs.`,
  );
}

/** @throws ReleaseRefused when a version was released, with whether its tag is what it should be */
export function refuseReleased(version: string): void {
  if (!releaseOf(version)) return;
  const source = verify(version);
  throw new ReleaseRefused(`${version} was released already: its tag is what ${source.slice(0, 7)} of main builds.`);
}

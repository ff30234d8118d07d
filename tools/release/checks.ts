import { releasedChangelog, unreleasedEntries } from './changelog.ts';
import { firstOf } from './first-of.ts';
import { git, gitOrNothing } from './git.ts';
import { commitsSince, lastRelease, MAIN, RELEASES, type Release } from './history.ts';
import { repositoryUrl } from './module-source.ts';
import { ReleaseRefused } from './refused.ts';
import { refuseReleased } from './verify.ts';
import { compareVersions } from './version.ts';

/** What a release is made of. */
export interface Preparation {
  readonly version: string;
  /** The version that the project has. */
  readonly before: string;
  /** The commit of main. */
  readonly head: string;
  /** Its day, as `2026-11-26`. */
  readonly date: string;
  readonly last: Release | undefined;
  /** How many commits there are since. */
  readonly commits: number;
  /** How many entries of CHANGELOG.md were not released. */
  readonly entries: number;
  /** What CHANGELOG.md becomes. */
  readonly changelog: string;
}

/**
 * Looks at all that is looked at before the tests run.
 * @throws ReleaseRefused with the first that is not as it has to be
 */
export function prepare(version: string): Preparation {
  refuseOtherBranch();
  refuseChanges();
  const head = git(['rev-parse', MAIN]);
  const read = (file: string) => git(['show', `${head}:${file}`]);
  const packageJson = read('package.json');
  refuseWithoutRepository(packageJson);
  refuseReleased(version);
  const last = lastRelease();
  refuseOlder(version, last);
  refuseOtherHistory(last);
  const date = git(['log', '--no-show-signature', '-1', '--format=%cs', head]);
  const commits = commitsSince(last, head);
  const unreleased = read('CHANGELOG.md');
  return {
    version,
    before: JSON.parse(packageJson).version,
    head,
    date,
    last,
    commits: commits.length,
    entries: unreleasedEntries(unreleased),
    changelog: releasedChangelog(unreleased, version, date, commits),
  };
}

/** @throws ReleaseRefused when the checkout is no longer what was looked at: tests take their time */
export function refuseMoved({ head }: Preparation): void {
  refuseOtherBranch();
  refuseChanges();
  if (git(['rev-parse', MAIN]) !== head) throw new ReleaseRefused('main has moved while its tests ran: start again.');
}

function refuseOtherBranch(): void {
  const branch = gitOrNothing('symbolic-ref', '--quiet', 'HEAD');
  if (branch === MAIN) return;
  const where = branch ? `the branch ${branch.replace('refs/heads/', '')}` : 'no branch';
  throw new ReleaseRefused(`A release is made of the branch main, and this checkout is on ${where}.`);
}

function refuseChanges(): void {
  const changes = git(['status', '--porcelain', '--untracked-files=all', '-z']).split('\0').filter(Boolean);
  if (changes.length === 0) return;
  throw new ReleaseRefused(
    `The checkout is not what was committed (${firstOf(changes.map((change) => change.slice(3)))}): commit, stash or remove that first.`,
  );
}

function refuseWithoutRepository(packageJson: string): void {
  if (repositoryUrl(packageJson)) return;
  throw new ReleaseRefused('package.json has no repository.url, from which those who use a release would fetch it.');
}

function refuseOlder(version: string, last: Release | undefined): void {
  if (!last || compareVersions(version, last.version) > 0) return;
  throw new ReleaseRefused(`${version} is not newer than the last release, ${last.version}.`);
}

function refuseOtherHistory(last: Release | undefined): void {
  if (git(['rev-parse', '--is-shallow-repository']) === 'true')
    throw new ReleaseRefused(
      'The clone is shallow, without the commits of a release: git fetch --unshallow gets them.',
    );
  const branch = gitOrNothing('rev-parse', '--verify', '--quiet', RELEASES);
  if (!branch || branch === last?.commit) return;
  const wanted = last ? `be at v${last.version}, the last release` : 'not be there before the first release';
  throw new ReleaseRefused(`The branch module must ${wanted}: git log module shows what is on it.`);
}

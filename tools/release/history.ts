import type { Commit } from './changelog.ts';
import { git, gitOrNothing } from './git.ts';
import { compareVersions, isVersion } from './version.ts';

/** Branch of which each commit is a release. */
export const RELEASES = 'refs/heads/module';
export const MAIN = 'refs/heads/main';

/** In the message of a release's commit: the commit of main that it was made of. */
export const SOURCE_COMMIT = 'Source-Commit';

/** A release that was made. */
export interface Release {
  readonly version: string;
  /** Its commit on the branch of releases. */
  readonly commit: string;
  /** The commit of main that it was made of; undefined when its message does not say so. */
  readonly source: string | undefined;
}

export function tagOf(version: string): string {
  return `refs/tags/v${version}`;
}

/** The release of a version, by its tag. */
export function releaseOf(version: string): Release | undefined {
  const commit = gitOrNothing('rev-parse', '--verify', '--quiet', `${tagOf(version)}^{commit}`);
  if (!commit) return undefined;
  const source = git([
    'log',
    '--no-show-signature',
    '-1',
    `--format=%(trailers:key=${SOURCE_COMMIT},valueonly)`,
    commit,
  ]).trim();
  return { version, commit, source: /^[0-9a-f]{40,64}$/.test(source) ? source : undefined };
}

/** The release of the highest version. */
export function lastRelease(): Release | undefined {
  const tags = git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/tags/v*']).split('\n');
  const versions = tags.map((tag) => tag.slice(1)).filter(isVersion);
  const last = versions.sort(compareVersions).at(-1);
  return last === undefined ? undefined : releaseOf(last);
}

/** The commits of main since a release was made of it, the oldest first; merges are left out. */
export function commitsSince(release: Release | undefined, head: string): readonly Commit[] {
  const range = release?.source ? `${release.source}..${head}` : head;
  const log = git([
    'log',
    '--no-show-signature',
    '--no-merges',
    '--reverse',
    '--format=%x00%s',
    '--name-only',
    '--no-renames',
    range,
  ]);
  return log
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [heading = '', ...paths] = entry.split('\n').filter((line) => line !== '');
      return { heading, paths };
    });
}

import { readFileSync } from 'node:fs';
import { unreleasedEntries } from './changelog.ts';
import type { Preparation } from './checks.ts';
import { gitOrNothing } from './git.ts';
import type { Made } from './make.ts';

/** What a release will do. */
export function planText({ version, head, date, last, commits }: Preparation): string {
  const entries = unreleasedEntries(readFileSync('CHANGELOG.md', 'utf8'));
  const before = JSON.parse(readFileSync('package.json', 'utf8')).version;
  return `Release ${version}, of main at ${head.slice(0, 7)} (${date}), after ${last ? last.version : 'none'}:

  main     a commit with CHANGELOG.md (${count(entries, 'entry', 'entries')}, ${count(commits, 'commit', 'commits')}), the version (${before === version ? `is ${version}` : `${before} → ${version}`}), and the addresses of its resources
  module   a commit with the module as it is used, ${last ? `after that of ${last.version}` : 'the first of this branch'}
  v${version}   an annotated tag of that commit
  dist/release/loki-shipper-${version}.tar.gz   the same files, and beside it their SHA-256
`;
}

/** What was done, and what is left to do. */
export function doneText({ version }: Preparation, { source, commit, archive }: Made): string {
  const remote = gitOrNothing('config', 'branch.main.remote') ?? 'origin';
  return `
Released ${version}:

  main     ${source}
  module   ${commit}, tagged v${version}
  ${archive.file}   SHA-256 ${archive.sha256}

Nothing was pushed. To publish it:

  git push ${remote} main
  git push ${remote} module v${version}
`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

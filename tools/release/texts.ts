import { archiveName } from './archive.ts';
import type { Preparation } from './checks.ts';
import { gitOrNothing } from './git.ts';
import type { Made } from './make.ts';

/** What a release will do. */
export function planText({ version, before, head, date, last, commits, entries }: Preparation): string {
  const rows = {
    main: [
      'one more commit:',
      `CHANGELOG.md gets the section ${version} (${date}), of ${count(entries, 'entry', 'entries')} and ${count(commits, 'commit', 'commits')}`,
      before === version ? `the version is ${version} already` : `the version becomes ${version}, from ${before}`,
      'releases/addresses.json gets the addresses of its resources',
    ],
    module: [
      last ? `one more commit, after ${last.version}: what users get` : 'a new branch, of one commit: what users get',
    ],
    [`v${version}`]: ['a tag of that commit'],
    'dist/release': [archiveName(version), 'and its SHA-256'],
  };
  return `Release ${version}, made of main at ${head.slice(0, 7)}; ${last ? `the last one was ${last.version}` : 'it is the first'}.

${table(rows)}
`;
}

/** What was done, and what is left to do. */
export function doneText({ version }: Preparation, { source, commit, tag, archive }: Made): string {
  const remote = gitOrNothing('config', 'branch.main.remote') ?? 'origin';
  const rows = {
    main: [source],
    module: [commit],
    [`v${version}`]: [tag],
    [archive.file]: [`SHA-256 ${archive.sha256}`],
  };
  return `
Released ${version}:

${table(rows)}

Nothing was pushed. To publish it:

  git push ${remote} main
  git push ${remote} module v${version}
`;
}

function table(rows: Readonly<Record<string, readonly string[]>>): string {
  const width = Math.max(...Object.keys(rows).map((head) => head.length));
  return Object.entries(rows)
    .flatMap(([head, lines]) => lines.map((line, i) => `  ${(i === 0 ? head : '').padEnd(width)}  ${line}`))
    .join('\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

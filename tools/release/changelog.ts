import { ReleaseRefused } from './refused.ts';

/** A commit of main. */
export interface Commit {
  readonly heading: string;
  /** Files that it changed. */
  readonly paths: readonly string[];
}

/** What of the project a commit is about, by what it changes: the first that fits. */
const AREAS: readonly (readonly [title: string, paths: RegExp])[] = [
  ['The module', /^(modules|examples)\/|^main\.ts$/],
  ['The functions', /^function\//],
  ['The command line', /^cli\//],
  ['Documents', /^docs\/|^[^/]+\.md$/],
  ['Tests and tools', /^/],
];

const UNRELEASED = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m;

/**
 * CHANGELOG.md in which what was not released is the section of a version.
 *
 * @param date of that section, as `2026-11-26`
 * @param commits since the release before, the oldest first
 * @throws ReleaseRefused when it has no such section, or one of the version
 */
export function releasedChangelog(text: string, version: string, date: string, commits: readonly Commit[]): string {
  if (text.includes(`\n## ${version} `)) throw new ReleaseRefused(`CHANGELOG.md has a section ${version} already.`);
  if (!UNRELEASED.test(text))
    throw new ReleaseRefused('CHANGELOG.md has no heading "## Unreleased", below which a release finds its entries.');
  return text
    .replace(UNRELEASED, (_, entries: string) => {
      const parts = [entries.trim(), commitList(commits)].filter((part) => part !== '');
      return `## Unreleased\n\n## ${version} (${date})\n\n${parts.join('\n\n')}\n\n`;
    })
    .replace(/\n+$/, '\n');
}

/** How many entries a release finds in CHANGELOG.md. */
export function unreleasedEntries(text: string): number {
  return UNRELEASED.exec(text)?.[1]?.match(/^- /gm)?.length ?? 0;
}

/** The headings of commits by what they are about, folded: they are for who looks for one. */
function commitList(commits: readonly Commit[]): string {
  if (commits.length === 0) return '';
  const parts = AREAS.map(([title], area) => {
    const headings = commits
      .filter((commit) => areaOf(commit) === area)
      .map(({ heading }) => `- ${escaped(heading)}\n`);
    return headings.length === 0 ? '' : `\n**${title}**\n\n${headings.join('')}`;
  });
  const count = commits.length === 1 ? '1 commit' : `${commits.length} commits`;
  return `<details>\n<summary>${count}, by what they change</summary>\n${parts.join('')}\n</details>`;
}

function areaOf({ paths }: Commit): number {
  const area = AREAS.findIndex(([, pattern]) => paths.some((path) => pattern.test(path)));
  return area === -1 ? AREAS.length - 1 : area;
}

/** A heading is no Markdown, but for what is quoted as code. */
function escaped(heading: string): string {
  return heading
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[<*_[\]\\]/g, '\\$&')))
    .join('');
}

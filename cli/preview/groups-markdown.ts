import { numberText } from '../number-text.ts';
import { hiddenText } from './hidden-text.ts';
import { code, folded, table } from './markdown-text.ts';
import type { GroupChange, GroupState, InstallationReport, Told } from './report.ts';

/** More rows than these are folded. */
const UNFOLDED = 10;

const CHANGES: Readonly<Record<GroupChange['change'], string>> = {
  lose: 'shipped no longer',
  unknown: 'of which the plan does not tell whether they are shipped',
  gain: 'shipped from now on',
  change: 'shipped on, with changes',
};

/** The groups for which something changes, those that lose shipping first. */
export function groupsMarkdown({ groups, changes }: InstallationReport, rows: number): string {
  if (changes.length === 0) return '';
  const tables = Object.entries(CHANGES).flatMap(([kind, title]) => {
    const some = changes.filter(({ change }) => change === kind);
    if (some.length === 0) return [];
    const content = table(['Log group', 'Wanted by', 'Filter pattern', ''], some.slice(0, rows).map(rowOf));
    const left = some.length - rows;
    const more = left > 0 ? `\n\n${numberText(left)} more: --json has all of them.` : '';
    const summary = `${numberText(some.length)} ${title}`;
    return [some.length > UNFOLDED ? folded(summary, content + more) : `${summary}:\n\n${content}${more}`];
  });
  const kept = groups.keep > 0 ? [`${numberText(groups.keep)} shipped on without changes.`] : [];
  return [...tables, ...kept].join('\n\n');
}

function rowOf({ logGroup, before, after, gone, interruption }: GroupChange): readonly string[] {
  const remarks = [
    ...(gone ? ['the log group is gone'] : []),
    ...(interruption ? ['interrupted'] : []),
    ...(before && after ? labelsRemark(before, after) : []),
  ];
  return [
    code(logGroup),
    beforeAfter(before, after, ({ wantedBy }) =>
      'hidden' in wantedBy ? hiddenText(wantedBy.hidden) : wantedBy.map(code).join(', '),
    ),
    beforeAfter(before, after, ({ filterPattern }) => patternText(filterPattern)),
    remarks.join(', '),
  ];
}

function beforeAfter(before: GroupState | null, after: GroupState | null, text: (state: GroupState) => string): string {
  const [was, is] = [before && text(before), after && text(after)];
  if (was === null || is === null) return was ?? is ?? '';
  return was === is ? was : `${was} → ${is}`;
}

function labelsRemark(before: GroupState, after: GroupState): readonly string[] {
  if (after.labelsHidden) return [`labels ${hiddenText(after.labelsHidden)}`];
  return !before.labels || JSON.stringify(before.labels) === JSON.stringify(after.labels) ? [] : ['other labels'];
}

function patternText(pattern: Told<string>): string {
  if (typeof pattern !== 'string') return hiddenText(pattern.hidden);
  return pattern === '' ? 'all lines' : code(pattern);
}

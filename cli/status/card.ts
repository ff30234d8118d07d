import { bytesText } from '../bytes-text.ts';
import { durationText } from '../duration-text.ts';
import { numberText } from '../number-text.ts';
import type { Paint } from '../paint.ts';
import { tableText } from '../table.ts';
import { padText, plainText } from '../text-width.ts';
import type { GroupReport } from './group-report.ts';
import type { StatusReport } from './report.ts';
import { sentencesOf, stateOf, styleOf, type TextProps } from './table.ts';

/** Everything about one log group, for people. */
export function statusCard(group: GroupReport, report: StatusReport, { paint, now }: TextProps): string {
  const { logGroup, wantedBy, filterPattern, tags, labels, leftOut } = group;
  const fields: [string, string][] = [
    ['Log group', logGroup],
    ['State', paint(stateOf(group), styleOf(group))],
    ['Wanted by', wantedBy.join(', then ') || 'nobody any more'],
    ['Pattern', filterPattern === null ? 'not subscribed' : plainText(filterPattern) || 'all lines'],
    ['Last hour', hourText(group, report, now)],
    [
      'Tags',
      tags
        ? Object.entries(tags)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ') || 'none'
        : 'not known yet',
    ],
  ];
  const blocks = [fields.map(([title, text]) => `${paint(padText(title, TITLE, 'left'), 'bold')}${text}`).join('\n')];
  const sentences = sentencesOf(group);
  if (sentences.length > 0) blocks.unshift(sentences.join('\n'));
  if (labels) blocks.push(labelsTable(labels, paint));
  else if (report.labelsError) blocks.push(report.labelsError);
  if (leftOut.length > 0)
    blocks.push(['No labels:', ...leftOut.map(({ tag, reason }) => `  ${tag}, because ${reason}`)].join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** Columns for the titles. */
const TITLE = 11;

function labelsTable(labels: NonNullable<GroupReport['labels']>, paint: Paint): string {
  const columns = [
    { title: 'Label', text: ({ name }: (typeof labels)[number]) => name },
    { title: 'Value', text: ({ value }: (typeof labels)[number]) => value },
    { title: 'From', text: ({ from }: (typeof labels)[number]) => from },
  ];
  return tableText(columns, labels, { paint }).trimEnd();
}

function hourText({ lastHour }: GroupReport, { metrics }: StatusReport, now: number): string {
  if (!lastHour) return metrics?.error ?? 'not asked for';
  const { lines, bytes, forwarded, lastForwardedAt } = lastHour;
  const last = lastForwardedAt ? `, the last ${durationText(now - Date.parse(lastForwardedAt))} ago` : '';
  return `${numberText(lines)} lines, ${bytesText(bytes)}; ${numberText(forwarded)} forwarded${last}`;
}

import { bytesText } from '../bytes-text.ts';
import { durationText } from '../duration-text.ts';
import { numberText } from '../number-text.ts';
import type { Paint, Style } from '../paint.ts';
import { type Column, tableText } from '../table.ts';
import { plainText } from '../text-width.ts';
import { type GroupReport, hasProblem } from './group-report.ts';
import type { StatusReport } from './report.ts';

export interface TextProps {
  readonly paint: Paint;
  /** Of the terminal. */
  readonly width: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** All log groups, for people. */
export function statusTable(report: StatusReport, { paint, width, now }: TextProps): string {
  const { groups } = report;
  const blocks: string[] = [];
  if (groups.length > 0) blocks.push(tableText(columnsOf(report, now), groups, { paint, width }).trimEnd());
  const problems = groups.filter(hasProblem).flatMap(problemsOf);
  if (problems.length > 0) blocks.push(['Problems:', ...problems].join('\n'));
  const several = groups.filter(({ wantedBy }) => ownersOf(wantedBy).size > 1).length;
  if (several > 0)
    blocks.push(
      `${numberText(several)} of them ${several === 1 ? 'is' : 'are'} wanted by more than one, of whom the first decides: --group with its name, or --wide, shows them.`,
    );
  blocks.push([summaryOf(report), ...notesOf(report, now)].join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** The module asks for a group by its name, by prefixes, or both; the others do so by their names. */
function ownersOf(wantedBy: readonly string[]): ReadonlySet<string> {
  return new Set(wantedBy.map((who) => (who === 'listed' || who.startsWith('prefix ') ? 'the module' : who)));
}

function columnsOf({ groups, metrics, labelsError }: StatusReport, now: number): readonly Column<GroupReport>[] {
  const columns: Column<GroupReport>[] = [
    { title: 'Log group', text: ({ logGroup }) => logGroup, shrinks: { to: 24, cut: 'middle' } },
    { title: 'State', text: stateOf, style: styleOf },
    { title: 'Wanted by', text: ({ wantedBy }) => wantedBy.join(', '), shrinks: { to: 8, cut: 'end' } },
  ];
  if (groups.some(({ filterPattern }) => filterPattern))
    columns.push({
      title: 'Pattern',
      text: ({ filterPattern }) => filterPattern ?? '',
      shrinks: { to: 6, cut: 'end' },
      dispensable: 2,
    });
  if (labelsError === null)
    columns.push({ title: 'Labels', text: labelsText, shrinks: { to: 8, cut: 'end' }, dispensable: 1 });
  if (metrics && metrics.error === null)
    columns.push(
      { title: 'Lines/h', align: 'right', text: ({ lastHour }) => (lastHour ? numberText(lastHour.lines) : '') },
      { title: 'Bytes/h', align: 'right', text: ({ lastHour }) => (lastHour ? bytesText(lastHour.bytes) : '') },
      { title: 'Forwarded', align: 'right', text: ({ lastHour }) => forwardedText(lastHour, now) },
    );
  return columns;
}

/** Where a log group stands, in a word or two. */
export function stateOf(group: GroupReport): string {
  const { problem, wantedBy, subscribedBy } = group;
  if (problem) return problem;
  if (hasProblem(group)) return 'undelivered';
  if (wantedBy.length === 0) return subscribedBy ? 'unwanted' : 'gone';
  return subscribedBy ? `by ${subscribedBy}` : 'waiting';
}

export function styleOf(group: GroupReport): Style {
  if (hasProblem(group)) return 'red';
  return group.wantedBy.length > 0 && group.subscribedBy ? 'green' : 'yellow';
}

/** Those that not every log group has: account and region are the same for all, and the group's name is there already. */
function labelsText({ labels }: GroupReport): string {
  if (!labels) return '?';
  return labels
    .filter(({ from }) => !['log group', 'account', 'region'].includes(from))
    .map(({ name, value }) => `${name}=${value}`)
    .join(' ');
}

function forwardedText(lastHour: GroupReport['lastHour'], now: number): string {
  if (!lastHour) return '';
  return lastHour.lastForwardedAt ? `${durationText(now - Date.parse(lastHour.lastForwardedAt))} ago` : '-';
}

function problemsOf(group: GroupReport): readonly string[] {
  return [`  ${group.logGroup}`, ...sentencesOf(group).map((sentence) => `    ${sentence}`)];
}

/** What is wrong with a log group, a sentence each. */
export function sentencesOf({ problem, message, lastHour }: GroupReport): readonly string[] {
  const sentences = problem ? [plainText(message ?? problem)] : [];
  if (lastHour && lastHour.deliveryErrors > 0)
    sentences.push(
      `CloudWatch could not deliver ${numberText(lastHour.deliveryErrors)} of its lines to the shipper in the last hour: see loki-shipper doctor.`,
    );
  return sentences;
}

function summaryOf({ groups, known }: StatusReport): string {
  const count = (wanted: (group: GroupReport) => boolean) => groups.filter(wanted).length;
  const parts = [
    [count(hasProblem), 'with problems'],
    [count((group) => stateOf(group) === 'waiting'), 'waiting for a run of the registrar'],
    [count((group) => stateOf(group) === 'unwanted'), 'no longer wanted'],
  ] as const;
  const shown =
    groups.length === known
      ? `${numberText(known)} log groups`
      : `${numberText(groups.length)} of ${numberText(known)} log groups`;
  const words = parts.filter(([number]) => number > 0).map(([number, text]) => `${numberText(number)} ${text}`);
  return `${shown}${words.length > 0 ? `: ${words.join(', ')}` : ''}.`;
}

function notesOf({ run, metrics, labelsError }: StatusReport, now: number): readonly string[] {
  const notes: string[] = [];
  if (!run) notes.push('The registrar has not run yet.');
  else {
    const left = run.remaining > 0 ? `, with ${numberText(run.remaining)} changes left for the next` : '';
    notes.push(`The last run of the registrar was ${durationText(now - Date.parse(run.at))} ago${left}.`);
    if (run.error) notes.push(`It failed: ${plainText(run.error)}`);
  }
  if (labelsError) notes.push(labelsError);
  if (metrics?.error) notes.push(`Without figures of the last hour: ${metrics.error}`);
  return notes;
}

import { numberText } from '../number-text.ts';
import type { Kind } from './cardinality.ts';
import type { Finding } from './finding.ts';
import { groupsMarkdown } from './groups-markdown.ts';
import { code, folded, some, table } from './markdown-text.ts';
import type { Cost } from './monthly-cost.ts';
import type { InstallationReport, Told } from './report.ts';
import { labelChanges, tagChanges, valueChangesTable } from './value-changes.ts';

/** Of a finding. */
const SUBJECTS = 5;

/** @returns what makes the text, with so many rows of each table */
export function installationMarkdown(report: InstallationReport): (rows: number) => string {
  const { change, changes, losses, module, notices, unknowns, prefixes, exclusions } = report;
  const lists =
    change === 'destroy' ? '' : [...listChange('Prefix', prefixes), ...listChange('Exclusion', exclusions)].join('\n');
  const labels = labelChanges(changes);
  // Which of them become labels is told by the plan of the other stack.
  const tags = module === null ? tagChanges(changes) : [];
  return (rows) =>
    [
      `### ${titleOf(report)}`,
      placeText(report),
      numbersTable(report),
      section('Would lose logs', findings(losses)),
      section('To know', findings(notices)),
      section('Not told by the plan', findings(unknowns)),
      section('Log groups', groupsMarkdown(report, rows)),
      section('Labels', valueChangesTable('Label', labels, rows)),
      section('Tags', valueChangesTable('Tag', tags, rows)),
      section('Prefixes and exclusions', lists),
      section('Labels of high cardinality', cardinalityTable(report)),
      folded('What this takes for granted', assumptions(report)),
    ]
      .filter((block) => block !== '')
      .join('\n\n');
}

function section(title: string, content: string): string {
  return content === '' ? '' : `#### ${title}\n\n${content}`;
}

function titleOf({ module, name }: InstallationReport): string {
  if (module === null) return name ? `${code(name)}, in another stack` : 'An installation in another stack';
  return module === '' ? 'The root module' : code(module);
}

const CHANGES: Readonly<Record<InstallationReport['change'], string>> = {
  none: 'does not change',
  create: 'is created',
  update: 'changes',
  destroy: 'is destroyed',
};

function placeText({
  module,
  name,
  account,
  region,
  change,
  managedBy: { before, after },
}: InstallationReport): string {
  if (module === null) return 'Stacks of this plan attach log groups to it.';
  const place = [
    account === null ? '' : ` in account ${code(account)}`,
    region === null ? '' : `${account === null ? ' in' : ','} ${code(region)}`,
  ].join('');
  const managers = [before, after].map(managerText);
  const manager = managers[0] === managers[1] ? managers[0] : managers.filter((text) => text !== '').join(', then by ');
  return `${name === null ? 'It' : code(name)}${place} ${CHANGES[change]}.${manager ? ` Log groups are subscribed by ${manager}.` : ''}`;
}

function managerText(manager: Told<'terraform' | 'registrar' | null>): string {
  if (manager === null) return '';
  if (typeof manager !== 'string') return 'whom the plan does not tell';
  return manager === 'terraform' ? 'Terraform' : 'the registrar';
}

function numbersTable({ module, groups, streams, cost }: InstallationReport): string {
  const count = (number: number, isLeast: boolean) => `${isLeast ? 'at least ' : ''}${numberText(number)}`;
  const { atLeast } = groups;
  const meanwhile =
    streams.meanwhile > Math.max(streams.before, streams.after)
      ? ` (${numberText(streams.meanwhile)} until the old ones are idle)`
      : '';
  return table(
    ['', '>Before', '>After'],
    [
      [
        module === null ? 'Log groups attached' : 'Log groups shipped',
        count(groups.before, atLeast.before),
        count(groups.after, atLeast.after),
      ],
      [
        `Streams, of ${numberText(streams.limit)} that Loki takes${module === null ? ' in all' : ''}`,
        count(streams.before, atLeast.before),
        `${count(streams.after, atLeast.after)}${meanwhile}`,
      ],
      ['Estimated cost a month', dollars(cost.before?.total), dollars(cost.after?.total)],
    ],
  );
}

function dollars(amount: number | undefined): string {
  if (amount === undefined) return '–';
  if (amount > 0 && amount < 0.01) return 'under $0.01';
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function findings(all: readonly Finding[]): string {
  return all
    .map(({ message, subjects }) => `- ${message}${subjects.length > 0 ? ` ${some(subjects, SUBJECTS)}` : ''}`)
    .join('\n');
}

function listChange(what: string, { added, removed }: InstallationReport['prefixes']): readonly string[] {
  return [
    ...added.map((one) => `- ${what} ${code(one)} is new.`),
    ...removed.map((one) => `- ${what} ${code(one)} goes.`),
  ];
}

const KINDS: Readonly<Record<Kind, string>> = {
  uuid: 'UUIDs, which are never the same again',
  timestamp: 'times, which are never the same again',
  version: 'versions: each deployment starts new streams',
  hash: 'hashes: each deployment may start new streams',
  number: 'numbers that identify something',
};

function cardinalityTable({ highCardinality }: InstallationReport): string {
  if (highCardinality.length === 0) return '';
  const rows = highCardinality.map(({ label, values, looksLike, examples }) => [
    code(label),
    numberText(values),
    looksLike === null ? '' : KINDS[looksLike],
    examples.map(code).join(', '),
  ]);
  return `${table(['Label', '>Values', 'They look like', 'For example'], rows)}\n\nEach value is a stream of its own. A tag that is no label is structured metadata, which costs no stream.`;
}

function assumptions({ assumptions: sentences, cost: { before, after } }: InstallationReport): string {
  const list = sentences.map((sentence) => `- ${sentence}`).join('\n');
  const parts = Object.entries(PARTS).map(([part, title]) => [
    title,
    dollars(before?.[part as keyof Cost]),
    dollars(after?.[part as keyof Cost]),
  ]);
  return before || after ? `${list}\n\n${table(['Cost a month', '>Before', '>After'], parts)}` : list;
}

const PARTS: Readonly<Record<keyof Cost, string>> = {
  lambda: 'Invocations of the shipper',
  logs: "The shipper's own log",
  metrics: 'Metrics',
  alarms: 'Alarms',
  registrar: 'Runs of the registrar',
  total: 'All',
};

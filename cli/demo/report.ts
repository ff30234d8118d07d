import type { Paint } from '../paint.ts';
import { type Column, tableText } from '../table.ts';
import { type Outputs, queryOf } from './project.ts';

/** A demo that runs. */
export interface Started {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly lokiUrl: string;
  /** Where Terraform's files are. */
  readonly folder: string;
  /** How many were created now. */
  readonly resources: number;
  readonly outputs: Outputs;
}

/** The labels that tell one sample from the other. */
const LABELS = ['name', 'owner', 'location', 'sut', 'language'];

/** What to look at, for people. */
export function startedText(started: Started, paint: Paint): string {
  const { name, account, region, lokiUrl, resources, outputs } = started;
  type Row = { readonly logGroup: string; readonly labels: Readonly<Record<string, string>> };
  const rows = Object.entries(outputs.log_groups).map(([logGroup, { labels }]): Row => ({ logGroup, labels }));
  const columns: Column<Row>[] = [
    { title: 'Log group', text: ({ logGroup }) => logGroup },
    ...LABELS.map((label) => ({ title: label, text: ({ labels }: Row) => labels[label] ?? '' })),
  ];
  return `The demo ${name} runs in account ${account}, region ${region}: ${resources} resources were created.
${outputs.functions.join(' and ')} run each minute, and ${outputs.shipper} ships their lines to ${lokiUrl}.

${tableText(columns, rows, { paint })}
Ask Loki:           ${paint(queryOf(region), 'bold')}
See what it ships:  loki-shipper status --name ${name}
Remove it:          loki-shipper demo stop
`;
}

/** The same in one line of JSON. */
export function startedJson({ outputs, ...started }: Started): string {
  const { log_groups: logGroups, functions, shipper, bucket } = outputs;
  const labels = Object.fromEntries(Object.entries(logGroups).map(([logGroup, { labels }]) => [logGroup, labels]));
  const query = queryOf(started.region);
  return `${JSON.stringify({ ...started, functions, shipper, bucket, logGroups: labels, query })}\n`;
}

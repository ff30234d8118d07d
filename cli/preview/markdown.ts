import { installationMarkdown } from './installation-markdown.ts';
import type { Report } from './report.ts';

/** GitHub takes 65,536 characters in a comment. */
const LONGEST = 60_000;
/** Rows of a table, less where a report would be too long. */
const ROWS = [500, 200, 100, 50, 20, 10, 5];

/** A report for people, as Markdown of GitHub, which GitLab reads as well. */
export function markdown(report: Report): string {
  let text = '';
  for (const rows of ROWS) {
    text = render(report, rows);
    if (text.length <= LONGEST) break;
  }
  return text;
}

function render({ installations, losesLogs, complete, succeeded }: Report, rows: number): string {
  const blocks = ['## Preview of loki-shipper'];
  if (installations.length === 0) blocks.push('Nothing in this plan concerns loki-shipper.');
  else
    blocks.push(
      losesLogs ? '**Applying this plan would lose logs.**' : 'Applying this plan loses no logs, as far as it tells.',
    );
  if (!succeeded) blocks.push('Terraform failed while it made this plan, which ends where it failed.');
  if (!complete)
    blocks.push(
      'This plan is not the whole of what is to come: it was made with -target, or Terraform puts changes off.',
    );
  for (const installation of installations) blocks.push(installationMarkdown(installation, rows));
  return `${blocks.join('\n\n')}\n`;
}

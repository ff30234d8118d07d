import { installationMarkdown } from './installation-markdown.ts';
import type { Report } from './report.ts';

/** GitHub takes 65,536 characters in a comment. */
const LONGEST = 60_000;
/** Rows of a table, less where a report would be too long. */
const ROWS = [500, 200, 100, 50, 20, 10, 5];

/** A report for people, as Markdown of GitHub, which GitLab reads as well. */
export function markdown(report: Report): string {
  const installations = report.installations.map(installationMarkdown);
  let text = '';
  for (const rows of ROWS) {
    text = [...heading(report), ...installations.map((render) => render(rows))].map((block) => `${block}\n`).join('\n');
    if (text.length <= LONGEST) break;
  }
  return text;
}

function heading({ installations, losesLogs, complete, succeeded }: Report): readonly string[] {
  const conclusion = losesLogs
    ? '**Applying this plan would lose logs.**'
    : 'Applying this plan loses no logs, as far as it tells.';
  return [
    '## Preview of loki-shipper',
    installations.length === 0 ? 'Nothing in this plan concerns loki-shipper.' : conclusion,
    ...(succeeded ? [] : ['Terraform failed while it made this plan, which ends where it failed.']),
    ...(complete
      ? []
      : ['This plan is not the whole of what is to come: it was made with -target, or Terraform puts changes off.']),
  ];
}

/** A line of the consumers' table. */
export interface Row {
  readonly title: string;
  /** Of Terraform or OpenTofu. */
  readonly version: string;
  readonly result: string;
}

const HEADERS: Row = { title: 'case', version: 'Terraform or OpenTofu', result: 'result' };

/** The table of what was tried with which version, and what came of it. */
export function tableOf(rows: readonly Row[]): string {
  const all = [HEADERS, ...rows];
  const width = (column: 'title' | 'version') => Math.max(...all.map((row) => row[column].length));
  const line = ({ title, version, result }: Row) =>
    `${title.padEnd(width('title'))}  ${version.padEnd(width('version'))}  ${result}`;
  return all.map((row) => `  ${line(row)}`).join('\n');
}

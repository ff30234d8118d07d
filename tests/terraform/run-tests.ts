import type { Terraform } from '../../tools/local/terraform.ts';

/** How one `run` block of `terraform test` ended. */
export interface Outcome {
  readonly status: string;
  /** Terraform's messages, without the lines of code they stand for. */
  readonly errors: readonly string[];
}

/** One line of `terraform test -json`. */
interface Event {
  readonly '@testfile'?: string;
  readonly '@testrun'?: string;
  readonly test_run?: { readonly progress: string; readonly status?: string };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
}

/**
 * Runs `terraform test` in a folder that was initialised.
 * @returns the outcomes by `<file>: <run>`
 * @throws Error with Terraform's words when it does not come to running anything
 */
export async function runTests(terraform: Terraform, cwd: string): Promise<ReadonlyMap<string, Outcome>> {
  const { stdout, stderr } = await terraform.run(['test', '-json'], { cwd });
  const events: Event[] = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));

  const outcomes = new Map<string, { status: string; errors: string[] }>();
  for (const { '@testfile': file, '@testrun': run, test_run, diagnostic } of events) {
    if (!file || !run) continue;
    const name = runName(file, run);
    const outcome = outcomes.get(name) ?? { status: 'not run', errors: [] };
    outcomes.set(name, outcome);
    if (test_run?.progress === 'complete') outcome.status = test_run.status ?? '';
    if (diagnostic?.severity === 'error') outcome.errors.push(diagnostic.detail || diagnostic.summary);
  }
  if (outcomes.size === 0) throw new Error(`terraform test ran nothing:\n${stdout}${stderr}`);
  return outcomes;
}

/** @param file name below the folder `tests`, or path */
export function runName(file: string, run: string): string {
  return `${file.replace(/^tests\//, '')}: ${run}`;
}

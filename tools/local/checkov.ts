import { run } from './commands.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import { VERSIONS } from './versions.ts';

/** What checkov says of plans of Terraform. */
export interface Report {
  readonly failed: readonly FailedCheck[];
  /** How many checks passed. */
  readonly passed: number;
  /** Plans that it could not read. */
  readonly unread: readonly string[];
}

export interface FailedCheck {
  /** Such as `CKV_AWS_117`. */
  readonly check: string;
  /** What it asks for. */
  readonly name: string;
  /** Path of the plan. */
  readonly plan: string;
  /** Address, without the keys of instances. */
  readonly resource: string;
}

/** Finds checkov: LOKI_SHIPPER_CHECKOV, else it is installed. @throws MissingPart */
export function findCheckov(tell: Tell): Promise<string> {
  return findPythonProgram(
    { title: `checkov ${VERSIONS.checkov}`, folder: 'checkov', program: 'checkov', variable: 'LOKI_SHIPPER_CHECKOV' },
    tell,
  );
}

/**
 * Has checkov look at plans, all in one run: starting it takes longer than its work.
 *
 * @param plans files with what `terraform show -json` says of a plan
 * @param env more of its environment
 */
export async function checkPlans(
  checkov: string,
  plans: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Report> {
  const args = ['--framework', 'terraform_plan', '--output', 'json', '--compact', '--skip-download'];
  const { stdout, stderr } = await run(checkov, [...args, '--soft-fail', '--file', ...plans], {
    cwd: folder,
    // Without it, it asks PyPI for a newer version, whatever its options say.
    env: { PATH: process.env.PATH, HOME: folder, CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true', ...env },
  });
  const report = parsed(stdout) as CheckovReport | undefined;
  if (!report?.results) throw new Error(`checkov says nothing of the plans:\n${stdout}\n${stderr.slice(-2_000)}`);
  return {
    failed: report.results.failed_checks.map(({ check_id, check_name, file_abs_path, resource }) => ({
      check: check_id,
      name: check_name,
      plan: file_abs_path,
      resource: resource.replaceAll(/\[[^\]]*\]/g, ''),
    })),
    passed: report.summary.passed,
    unread: report.results.parsing_errors,
  };
}

interface CheckovReport {
  readonly results?: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly file_abs_path: string;
      readonly resource: string;
    }[];
    readonly parsing_errors: readonly string[];
  };
  readonly summary: { readonly passed: number };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

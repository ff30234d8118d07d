import { dirname, join } from 'node:path';
import { findOpenTofu } from './find-opentofu.ts';
import { ROOT, writeWhole } from './folders.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import { type Terraform, terraformAt } from './terraform.ts';
import { VERSIONS } from './versions.ts';

/** A Terraform, or OpenTofu, with which the module is used. */
export interface TerraformVersion {
  /** Such as `OpenTofu 1.12.6`. */
  readonly title: string;
  /** Installs what is missing. @throws MissingPart */
  find(tell: Tell): Promise<Terraform>;
}

/** What can be had of those between the lowest and the newest. */
export const TERRAFORM_VERSIONS = {
  lowest: packaged('lowest'),
  newest: packaged('newest'),
  opentofu: {
    title: `OpenTofu ${VERSIONS.opentofu.newest}`,
    find: async (tell) => terraformAt(await findOpenTofu(tell)),
  },
  /** It is not supported, and is to say so. */
  refused: packaged('refused'),
} as const satisfies Readonly<Record<string, TerraformVersion>>;

/** Terraform as a package of Python has it. */
function packaged(which: 'lowest' | 'newest' | 'refused'): TerraformVersion {
  const title = `Terraform ${VERSIONS.terraform[which]}`;
  const folder = `terraform-${which}`;
  return {
    title,
    find: async (tell) => terraformAt(asProgram(await findPythonProgram({ title, folder, program: 'python' }, tell))),
  };
}

/** The package has Terraform as a shared object: beside its Python stands a program that calls it. */
function asProgram(python: string): string {
  const program = join(dirname(python), 'terraform');
  const script = join(ROOT, 'tools/local/packaged-terraform.py');
  writeWhole(program, `#!/bin/sh\nexec '${python}' '${script}' "$@"\n`, 0o755);
  return program;
}

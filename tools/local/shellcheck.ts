import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';

/** Finds ShellCheck: LOKI_SHIPPER_SHELLCHECK, else it is installed. @throws MissingPart */
export function findShellcheck(tell: Tell): Promise<string> {
  return findPythonProgram(
    { title: 'ShellCheck', folder: 'shellcheck', program: 'shellcheck', variable: 'LOKI_SHIPPER_SHELLCHECK' },
    tell,
  );
}

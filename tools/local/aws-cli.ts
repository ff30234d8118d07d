import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';

/** Finds the AWS CLI: LOKI_SHIPPER_AWS_CLI, else it is installed. @throws MissingPart */
export function findAwsCli(tell: Tell): Promise<string> {
  return findPythonProgram(
    { title: 'AWS CLI', folder: 'aws-cli', program: 'aws', variable: 'LOKI_SHIPPER_AWS_CLI' },
    tell,
  );
}

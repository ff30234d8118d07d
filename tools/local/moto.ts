import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PendingCall } from './call.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/**
 * Starts moto, which answers for EC2: unlike MiniStack it knows images, and keeps of an instance all that Terraform
 * reads again. It boots nothing.
 *
 * @param command the program
 * @param port where it listens on 127.0.0.1
 * @param folder for what it writes
 */
export async function startMoto(command: string, port: number, folder: string): Promise<Service> {
  const temporary = join(folder, 'moto');
  mkdirSync(temporary);
  return startService({
    name: `moto ${VERSIONS.moto}`,
    command,
    args: ['-H', '127.0.0.1', '-p', String(port)],
    cwd: temporary,
    env: { PATH: dirname(command), HOME: temporary, TMPDIR: temporary },
    ready: async (signal) => (await fetch(`http://127.0.0.1:${port}/moto-api/data.json`, { signal })).ok,
    withinMs: 60_000,
  });
}

/** Finds moto: LOKI_SHIPPER_MOTO, else it is installed. @throws MissingPart */
export function findMoto(tell: Tell): Promise<string> {
  return findPythonProgram(
    { title: `moto ${VERSIONS.moto}`, folder: 'moto', program: 'moto_server', variable: 'LOKI_SHIPPER_MOTO' },
    tell,
  );
}

/** Whether a call is moto's: all of EC2, the alarms, which MiniStack describes in part, and parameters of AWS itself. */
export function isAnsweredByMoto({ service, action }: PendingCall, body: Buffer): boolean {
  if (service === 'ec2' || service === 'monitoring') return true;
  return service === 'ssm' && action.startsWith('GetParameter') && body.includes('"/aws/service/');
}

/** IAM is MiniStack's, but moto starts an instance only with an instance profile that it knows. */
export const ANSWERED_BY_BOTH: readonly string[] = ['CreateInstanceProfile', 'DeleteInstanceProfile'];

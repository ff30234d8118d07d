import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

/**
 * Starts MiniStack, which answers for AWS: it runs functions as processes, delivers what is logged to subscription
 * filters, and enforces IAM: each function has a session of its own role.
 *
 * @param command the program
 * @param port where it listens on 127.0.0.1
 * @param endpoint where the functions reach AWS
 * @param folder for what it writes
 */
export async function startMinistack(
  command: string,
  port: number,
  endpoint: string,
  folder: string,
): Promise<Service> {
  const temporary = join(folder, 'ministack');
  mkdirSync(temporary);
  // Its runner of Node functions is CommonJS, which Node would not see below this repository's package.json.
  writeFileSync(join(temporary, 'package.json'), '{"type":"commonjs"}');
  return startService({
    name: `MiniStack ${VERSIONS.ministack}`,
    command,
    cwd: temporary,
    // The functions inherit this environment, so it is nothing but what is needed.
    env: {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: temporary,
      TMPDIR: temporary,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      AUTH: 'true',
      AWS_ENDPOINT_URL: endpoint,
    },
    ready: async (signal) => (await fetch(`http://127.0.0.1:${port}/_ministack/health`, { signal })).ok,
    withinMs: 60_000,
  });
}

/** Finds MiniStack: LOKI_SHIPPER_MINISTACK, else it is installed. @throws MissingPart */
export function findMinistack(tell: Tell): Promise<string> {
  return findPythonProgram(
    {
      title: `MiniStack ${VERSIONS.ministack}`,
      folder: 'ministack',
      program: 'ministack',
      variable: 'LOKI_SHIPPER_MINISTACK',
    },
    tell,
  );
}

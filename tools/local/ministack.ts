import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from './commands.ts';
import { LOCAL, ROOT } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import { announced, type Tell } from './progress.ts';
import { findPython } from './python.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

const REQUIREMENTS = join(ROOT, 'tools/local/ministack/requirements.txt');

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

/**
 * Finds MiniStack: LOKI_SHIPPER_MINISTACK, else one that was installed before; else it is installed, in a virtual
 * environment of its own.
 *
 * @returns the program
 * @throws MissingPart when it has to be installed and Python is missing
 */
export async function findMinistack(tell: Tell): Promise<string> {
  const named = process.env.LOKI_SHIPPER_MINISTACK;
  if (named) return named;
  const folder = join(LOCAL, 'ministack');
  const program = join(folder, 'bin', 'ministack');
  const stamp = join(folder, 'requirements.txt');
  const requirements = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return program;

  const python = await findPython();
  await announced(tell, `Installing MiniStack ${VERSIONS.ministack} with pip, once`, () => install(python, folder));
  writeFileSync(stamp, requirements);
  return program;
}

async function install(python: string, folder: string): Promise<void> {
  const environment = await run(python, ['-m', 'venv', '--clear', folder]);
  if (environment.status !== 0)
    throw new MissingPart(
      `${python} cannot make virtual environments: install that part of it, on Debian and Ubuntu with apt install python3-venv.`,
    );
  const pip = await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--require-hashes', '-r', REQUIREMENTS]);
  if (pip.status !== 0) throw new Error(`MiniStack could not be installed:\n${pip.stderr.slice(-2_000)}`);
}

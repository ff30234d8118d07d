import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './commands.ts';
import { LOCAL } from './folders.ts';
import { announced } from './progress.ts';
import { findPython } from './python.ts';
import { type Service, startService } from './service.ts';
import { VERSIONS } from './versions.ts';

const REQUIREMENTS = 'tools/local/ministack/requirements.txt';

/**
 * Starts MiniStack, which answers for AWS: it runs functions as processes, delivers what is logged to subscription
 * filters, and enforces IAM: each function has a session of its own role.
 *
 * @param port where it listens on 127.0.0.1
 * @param endpoint where the functions reach AWS
 * @param folder for what it writes
 */
export async function startMinistack(port: number, endpoint: string, folder: string): Promise<Service> {
  const command = await install();
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
      PATH: [dirname(process.execPath), process.env.PATH].join(':'),
      HOME: temporary,
      TMPDIR: temporary,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      AUTH: 'true',
      AWS_ENDPOINT_URL: endpoint,
    },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/_ministack/health`)).ok,
    withinMs: 60_000,
  });
}

/** Installs it once, in a virtual environment of its own. @returns the program */
async function install(): Promise<string> {
  const folder = join(LOCAL, 'ministack');
  const program = join(folder, 'bin', 'ministack');
  const stamp = join(folder, 'requirements.txt');
  const requirements = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return program;

  const python = await findPython();
  await announced(`Installing MiniStack ${VERSIONS.ministack} (pip)`, async () => {
    await must(python, ['-m', 'venv', '--clear', folder]);
    await must(join(folder, 'bin', 'pip'), ['install', '--quiet', '--require-hashes', '-r', REQUIREMENTS]);
  });
  writeFileSync(stamp, requirements);
  return program;
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await run(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

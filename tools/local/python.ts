import { onPath, run } from './commands.ts';
import { MissingPart } from './missing-part.ts';
import { isAtLeast, VERSIONS } from './versions.ts';

/**
 * Finds a Python that is new enough: LOKI_SHIPPER_PYTHON, else the PATH.
 * @throws MissingPart
 */
export async function findPython(): Promise<string> {
  const named = process.env.LOKI_SHIPPER_PYTHON;
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  for (const python of named ? [named] : names.map((name) => onPath(name))) {
    if (!python) continue;
    const { stdout } = await run(python, ['-c', 'import platform; print(platform.python_version())']);
    if (isAtLeast(stdout.trim(), VERSIONS.python.least)) return python;
  }
  throw new MissingPart(
    `Python ${VERSIONS.python.least} or newer is not on the PATH: install it, or name one in LOKI_SHIPPER_PYTHON.`,
  );
}

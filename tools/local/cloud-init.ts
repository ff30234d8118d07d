import { join } from 'node:path';
import { onPath, type Result, run } from './commands.ts';
import { type DebianPackage, unpackPackages } from './debian-packages.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';

/** Debian 12's is of the generation of AL2023's, 22.2. */
const PACKAGE: DebianPackage = {
  name: 'cloud-init',
  version: '22.4.2-1+deb12u4',
  sha256: 'c18c9b1a999268413f215371ae6382f8705a437b2b24c049d6dbafcc111a1d09',
};

/** Runs cloud-init with arguments. Does not throw when it fails. */
export type CloudInit = (...args: readonly string[]) => Promise<Result>;

/**
 * Finds cloud-init: LOKI_SHIPPER_CLOUD_INIT, else the PATH, else Debian's package is unpacked, with a Python environment
 * of its own.
 *
 * @throws MissingPart when it has to be unpacked and apt has no such package
 */
export async function findCloudInit(tell: Tell): Promise<CloudInit> {
  const variable = 'LOKI_SHIPPER_CLOUD_INIT';
  const ready = process.env[variable] || onPath('cloud-init');
  if (ready) return (...args) => run(ready, args);
  const sources = await unpackPackages([PACKAGE], `install cloud-init, or name one in ${variable}.`);
  const python = await findPythonProgram(
    { title: 'what cloud-init needs', folder: 'cloud-init', program: 'python', variable },
    tell,
  );
  const env = { ...process.env, PYTHONPATH: join(sources, 'usr/lib/python3/dist-packages') };
  return (...args) => run(python, ['-m', 'cloudinit.cmd.main', ...args], { env });
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, type Result, run } from './commands.ts';
import { LOCAL, removeFolder } from './folders.ts';
import { MissingPart } from './missing-part.ts';
import type { Tell } from './progress.ts';
import { findPythonProgram } from './python-program.ts';

/** It is in no package index but those of distributions. Debian 12's is of the generation of AL2023's, 22.2. */
const VERSION = '22.4.2-1+deb12u4';
const SHA256 = 'c18c9b1a999268413f215371ae6382f8705a437b2b24c049d6dbafcc111a1d09';

/** Runs cloud-init with arguments. Does not throw when it fails. */
export type CloudInit = (...args: readonly string[]) => Promise<Result>;

/**
 * Finds cloud-init: LOKI_SHIPPER_CLOUD_INIT, else the PATH, else one that was unpacked before; else Debian's package is
 * unpacked, with a Python environment of its own.
 *
 * @throws MissingPart when it has to be unpacked and apt has no such package
 */
export async function findCloudInit(tell: Tell): Promise<CloudInit> {
  const ready = process.env.LOKI_SHIPPER_CLOUD_INIT || onPath('cloud-init');
  if (ready) return (...args) => run(ready, args);
  const sources = join(LOCAL, `cloud-init-${VERSION}`);
  if (!existsSync(sources)) await unpack(sources);
  const python = await findPythonProgram(
    { title: 'what cloud-init needs', folder: 'cloud-init', program: 'python', variable: 'LOKI_SHIPPER_CLOUD_INIT' },
    tell,
  );
  const env = { ...process.env, PYTHONPATH: join(sources, 'usr/lib/python3/dist-packages') };
  return (...args) => run(python, ['-m', 'cloudinit.cmd.main', ...args], { env });
}

async function unpack(folder: string): Promise<void> {
  const advice = 'install cloud-init, or name one in LOKI_SHIPPER_CLOUD_INIT.';
  const [apt, dpkg] = [onPath('apt-get'), onPath('dpkg-deb')];
  if (!apt || !dpkg) throw new MissingPart(`cloud-init is not on the PATH, and this is no Debian: ${advice}`);
  const download = `${folder}.${process.pid}`;
  mkdirSync(download, { recursive: true });
  try {
    await run(apt, ['download', `cloud-init=${VERSION}`], { cwd: download });
    const name = readdirSync(download).find((file) => file.endsWith('.deb'));
    if (!name) throw new MissingPart(`cloud-init is not on the PATH, and apt does not have ${VERSION}: ${advice}`);
    const file = join(download, name);
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (sum !== SHA256) throw new Error(`${name} is not what it was: its SHA-256 is ${sum}.`);
    const unpacked = join(download, 'unpacked');
    const { status, stderr } = await run(dpkg, ['--extract', file, unpacked]);
    if (status !== 0) throw new Error(`${name} cannot be unpacked:\n${stderr}`);
    renameSync(unpacked, folder);
  } finally {
    removeFolder(download);
  }
}

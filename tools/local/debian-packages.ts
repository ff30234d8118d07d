import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onPath, run } from './commands.ts';
import { LOCAL, removeFolder } from './folders.ts';
import { NotPermitted } from './missing-part.ts';

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/**
 * Unpacks packages of Debian 12, whose programs are in no other package index, into a folder below `.local`; nothing is
 * installed.
 *
 * @param advice what else helps, for who has no Debian
 * @returns the folder
 * @throws NotPermitted when apt does not have them
 */
export async function unpackPackages(packages: readonly DebianPackage[], advice: string): Promise<string> {
  const [{ name, version }] = packages as [DebianPackage];
  const folder = join(LOCAL, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const [apt, dpkg] = [onPath('apt-get'), onPath('dpkg-deb')];
  if (!apt || !dpkg) throw new NotPermitted(`${name} is not on the PATH, and this is no Debian: ${advice}`);
  const download = `${folder}.${process.pid}`;
  const unpacked = join(download, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  try {
    await fetchPackages(apt, packages, download);
    for (const wanted of packages) await unpack(dpkg, find(download, wanted, advice), unpacked);
    renameSync(unpacked, folder);
  } finally {
    removeFolder(download);
  }
  return folder;
}

/** With lists of its own: a machine may have none, or old ones. */
async function fetchPackages(apt: string, packages: readonly DebianPackage[], folder: string): Promise<void> {
  const lists = join(folder, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::Lists=${lists}`, '-o', 'APT::Sandbox::User=root'];
  await run(apt, [...options, 'update'], { cwd: folder });
  const wanted = packages.map(({ name, version }) => `${name}=${version}`);
  await run(apt, [...options, 'download', ...wanted], { cwd: folder });
}

function find(folder: string, { name, version, sha256 }: DebianPackage, advice: string): string {
  const file = readdirSync(folder).find((found) => found.startsWith(`${name}_`) && found.endsWith('.deb'));
  if (!file) throw new NotPermitted(`apt does not have ${name} ${version}: ${advice}`);
  const sum = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
  if (sum !== sha256) throw new Error(`${file} is not what it was: its SHA-256 is ${sum}.`);
  return join(folder, file);
}

async function unpack(dpkg: string, file: string, folder: string): Promise<void> {
  const { status, stderr } = await run(dpkg, ['--extract', file, folder]);
  if (status !== 0) throw new Error(`${file} cannot be unpacked:\n${stderr}`);
}

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onPath, type Result, run } from '../../tools/local/commands.ts';
import { ROOT, removeFolder, runFolder } from '../../tools/local/folders.ts';
import { NotPermitted } from '../../tools/local/missing-part.ts';
import { type Service, startService } from '../../tools/local/service.ts';
import { findXfsPrograms } from '../../tools/local/xfs.ts';
import { userData, writtenFiles } from './user-data.ts';
import { VALUES } from './values.ts';
import type { Volume } from './volume.ts';

const TOOLS = [
  ...['unshare', 'nsenter', 'losetup', 'mkfs.ext4', 'blkid', 'wipefs'],
  ...['systemd-analyze', 'jq', 'openssl', 'curl'],
];
/** With the programs of xfs where they were unpacked. */
const XFS = '/stand-ins/xfs';
const ENVIRONMENT = [
  `PATH=/stand-ins/bin:/usr/sbin:/usr/bin:/sbin:/bin:${XFS}/sbin:${XFS}/usr/sbin`,
  `LD_LIBRARY_PATH=${XFS}/lib/x86_64-linux-gnu:${XFS}/usr/lib/x86_64-linux-gnu`,
  ...['HOME=/root', 'LC_ALL=C'],
];

/** How the volume is found, whatever its device is called. */
const LINK = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VALUES.volume_id.replace('-', '')}`;

const NEEDS = 'The scripts of the host are run by root on Linux, in a mount namespace with loop devices';

/** @throws NotPermitted */
async function mayStart(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new NotPermitted(`${NEEDS}.`);
  const missing = TOOLS.filter((tool) => !onPath(tool));
  if (missing.length > 0) throw new NotPermitted(`${NEEDS}, by these programs, too: ${missing.join(', ')}.`);
  permitted ??= run('unshare', ['--mount', 'bash', '-c', PROBE]);
  const { status, stderr } = await permitted;
  if (status !== 0) throw new NotPermitted(`${NEEDS}, which this machine does not permit: ${stderr.trim()}.`);
}

/** What the sandbox does that a machine may not permit. */
const PROBE = [
  'set -euo pipefail',
  'folder=$(mktemp --directory)',
  'device=',
  `trap '[[ -z $device ]] || losetup --detach "$device"; umount --recursive --lazy "$folder" || true; rmdir "$folder"' EXIT`,
  'mount --make-rprivate /',
  'mount -t tmpfs tmpfs "$folder"',
  'cd "$folder"',
  'mkdir upper work host',
  'mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" host',
  'mount --rbind /proc host/proc',
  'truncate --size 1M file',
  'device=$(losetup --find --show file)',
  'mknod host/device b 7 "${device//[^0-9]/}"',
  'blkid --probe host/device || [[ $? == 2 ]]',
  'cd /',
].join('\n');
let permitted: Promise<Result> | undefined;

/**
 * A machine as the host is when its user data was run: real files, mounts and devices, apart from this machine's, and
 * stand-ins for what is not there (`stand-ins.sh`).
 */
export class Sandbox {
  readonly folder: string;
  readonly #pid: string;
  readonly #service: Service;

  private constructor(folder: string, pid: string, service: Service) {
    this.folder = folder;
    this.#pid = pid;
    this.#service = service;
  }

  /** @throws NotPermitted, or MissingPart for the programs of xfs */
  static async start(): Promise<Sandbox> {
    await mayStart();
    const xfs = await findXfsPrograms();
    const folder = runFolder();
    const root = join(folder, 'root');
    mkdirSync(root);
    const here = join(ROOT, 'tests/host');
    const service = await startService({
      name: 'The sandbox',
      command: 'unshare',
      args: ['--mount', 'bash', join(here, 'sandbox.sh'), root, join(here, 'stand-ins.sh'), ...(xfs ? [xfs] : [])],
      cwd: folder,
      env: { PATH: process.env.PATH },
      ready: async () => existsSync(`${root}.pid`),
      withinMs: 20_000,
    });
    const sandbox = new Sandbox(folder, readFileSync(`${root}.pid`, 'utf8').trim(), service);
    try {
      for (const [path, content] of writtenFiles(userData())) sandbox.write(path, content);
      await sandbox.output('chmod', '755', '/usr/bin/loki-host');
      return sandbox;
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#service.stop();
    removeFolder(this.folder);
  }

  /** Runs a command in it. Does not throw when it fails. */
  run(...command: readonly string[]): Promise<Result> {
    const root = join(this.folder, 'root/host');
    return run('nsenter', [
      '--target',
      this.#pid,
      '--mount',
      '--root',
      'chroot',
      root,
      'env',
      '-i',
      ...ENVIRONMENT,
      ...command,
    ]);
  }

  /** What a command prints. @throws Error when it fails */
  async output(...command: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...command);
    if (status !== 0) throw new Error(`${command.join(' ')} ends with ${status}:\n${stdout}${stderr}`);
    return stdout.trim();
  }

  /** Runs what the timer runs. */
  tick(): Promise<Result> {
    return this.run('bash', '/usr/bin/loki-host');
  }

  read(path: string): string {
    return readFileSync(this.#outside(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.#outside(path));
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.#outside(path)), { recursive: true });
    writeFileSync(this.#outside(path), content);
  }

  remove(path: string): void {
    rmSync(this.#outside(path), { recursive: true, force: true });
  }

  /** Where tests find it: on this side of the namespace. Links inside are not followed. */
  #outside(path: string): string {
    return join('/proc', this.#pid, 'root', this.folder, 'root/host', path);
  }

  /** The calls of stand-ins since the last time, that of `aws s3 cp` (some run at once) in no order. */
  calls(): readonly string[] {
    const calls = this.read('/stand-ins/calls').split('\n').filter(Boolean);
    this.write('/stand-ins/calls', '');
    return calls;
  }

  /** Calls that match fail from now on, and no others. */
  failing(pattern?: string, words = 'it does not work'): void {
    this.write('/stand-ins/faults', pattern ? `${pattern}\t${words}\n` : '');
  }

  /** Attaches a volume, as one with the id that the host knows. */
  async attach(volume: Volume): Promise<void> {
    if (!this.has(volume.device)) await this.output('mknod', volume.device, 'b', ...volume.numbers);
    this.remove(LINK);
    symlinkSync(volume.device, this.#outside(LINK));
  }

  detach(): void {
    this.remove(LINK);
  }

  /** Every file that was written, with owner, mode, size and time, but for those that tell of a run. */
  async state(): Promise<readonly string[]> {
    const upper = join(this.folder, 'root/upper');
    const list = ['find', upper, '-type', 'f', '-printf', '/%P %U:%G %m %s %T@\\n'];
    const { stdout } = await run('nsenter', ['--target', this.#pid, '--mount', '--root', ...list]);
    const data = await this.run('find', '/data', '-printf', '%p %U:%G %m %s %T@\\n');
    const told = /^\/(stand-ins|var\/log\/loki-host\/boot-report |var\/lib\/loki-host\/applied )/;
    return `${stdout}${data.stdout}`
      .split('\n')
      .filter((line) => line && !told.test(line))
      .sort();
  }
}

import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { atEnd } from '../../tools/local/at-end.ts';
import { run } from '../../tools/local/commands.ts';

const MIB = 1_048_576;

/** A block device: a loop device of this machine, over a file. */
export class Volume {
  readonly device: string;
  readonly #file: string;

  private constructor(device: string, file: string) {
    this.device = device;
    this.#file = file;
  }

  /** @param start its first bytes, gzipped; it is blank else */
  static async make(folder: string, megabytes: number, start?: Buffer): Promise<Volume> {
    const file = join(folder, `volume-${megabytes}-${process.hrtime.bigint()}`);
    writeFileSync(file, start ? gunzipSync(start) : '');
    truncateSync(file, megabytes * MIB);
    const volume = new Volume(await succeeds('losetup', '--find', '--show', file), file);
    atEnd(() => void run('losetup', ['--detach', volume.device]));
    return volume;
  }

  /** Major and minor number. */
  get numbers(): readonly [string, string] {
    return ['7', /\d+$/.exec(this.device)?.[0] ?? ''];
  }

  async grow(megabytes: number): Promise<void> {
    truncateSync(this.#file, megabytes * MIB);
    await succeeds('losetup', '--set-capacity', this.device);
  }

  /** SHA-256 of all that is on it. */
  async digest(): Promise<string> {
    return succeeds('sha256sum', this.device);
  }

  /** What libblkid reads of it: TYPE, UUID and others. */
  async tag(name: string): Promise<string> {
    return succeeds('blkid', '--probe', '--match-tag', name, '--output', 'value', this.device);
  }

  async release(): Promise<void> {
    await succeeds('losetup', '--detach', this.device);
  }
}

async function succeeds(command: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ends with ${status}: ${stderr}`);
  return stdout.trim();
}
